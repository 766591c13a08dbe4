package io.sextant.jobs.report;

import io.sextant.jobs.report.ReportData.Kernel;
import io.sextant.jobs.report.ReportData.Product;
import io.sextant.schema.table.KernelTables;
import io.sextant.schema.table.PrecisionTables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;

/** What probe predicts of the model's products, and the kernels that dispatch chose. */
final class PrecisionFigures {
  private final WarehouseTables tables;

  PrecisionFigures(WarehouseTables tables) {
    this.tables = tables;
  }

  /** The products in the order of their names, with a figure for each recipe. */
  Section<List<Product>> products() {
    return tables
        .collect(
            PrecisionTables.PRECISION_SITES,
            "probe",
            rows ->
                rows.select(
                        "site",
                        "recipe",
                        "relative_frobenius",
                        "gaussian",
                        "verdict",
                        "hazards",
                        "mods")
                    .where("recipe not like '%-sparse24'")
                    .orderBy("site", "recipe"))
        .map(PrecisionFigures::products);
  }

  private static List<Product> products(List<Row> rows) {
    Map<String, List<Row>> bySite = new LinkedHashMap<>();
    rows.forEach(
        row -> bySite.computeIfAbsent(row.getString(0), site -> new ArrayList<>()).add(row));
    return bySite.values().stream().map(PrecisionFigures::product).toList();
  }

  /** Of one site: a row a recipe, which agree in all but error and verdict. */
  private static Product product(List<Row> rows) {
    Map<String, Double> errors = new LinkedHashMap<>();
    rows.forEach(row -> errors.put(row.getString(1), Figures.rounded(row.getDouble(2))));
    Row any = rows.get(0);
    return new Product(
        any.getString(0),
        errors,
        Figures.rounded(any.getDouble(3)),
        rows.stream().allMatch(row -> row.getString(4).equals("safe")),
        any.getString(5),
        any.getString(6));
  }

  /** The kernel of each product at each number of tokens, chosen alone. */
  Section<List<Kernel>> kernels() {
    return tables
        .collect(
            KernelTables.DISPATCH,
            "dispatch",
            rows -> rows.where("mode = 'site'").orderBy("site", "tokens"))
        .map(PrecisionFigures::kernels);
  }

  private static List<Kernel> kernels(List<Row> rows) {
    List<Kernel> kernels = new ArrayList<>();
    for (Row row : rows) {
      kernels.add(
          new Kernel(
              row.getAs("site"),
              row.<Integer>getAs("tokens"),
              row.getAs("recipe"),
              row.getAs("library"),
              Figures.rounded(row.getAs("micros")),
              Figures.rounded(row.getAs("speedup")),
              Figures.rounded(row.getAs("error")),
              row.getAs("losers")));
    }
    return kernels;
  }
}
