package io.sextant.jobs.report.figures;

import io.sextant.jobs.precision.ProbeCommand;
import io.sextant.jobs.report.data.PrecisionData.Kernel;
import io.sextant.jobs.report.data.PrecisionData.Product;
import io.sextant.jobs.report.data.Section;
import io.sextant.schema.table.KernelTables;
import io.sextant.schema.table.KernelTables.DispatchRow;
import io.sextant.schema.table.PrecisionTables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The predictions of probe for the model's products, and the kernels that dispatch chose. */
public final class PrecisionFigures {
  /** The columns of {@code precision_sites} that are read. */
  private record PredictedError(
      String site,
      String recipe,
      double relativeFrobenius,
      double gaussian,
      String verdict,
      String hazards,
      String mods) {}

  private final WarehouseTables tables;

  public PrecisionFigures(WarehouseTables tables) {
    this.tables = tables;
  }

  /** The run whose predictions the products have. */
  private record Predicted(String runId) {}

  /** The error above which a product is unsafe; empty if no run recorded it. */
  public Optional<Double> mostError() {
    Section<List<Predicted>> runs =
        tables.collect(
            PrecisionTables.PRECISION_SITES,
            "probe",
            Predicted.class,
            rows -> rows.select("run_id").distinct());
    return runs.available()
        ? tables
            .run(runs.value().get(0).runId())
            .map(run -> run.mostError(Double.parseDouble(ProbeCommand.USUAL_MOST_ERROR)))
        : Optional.empty();
  }

  /** The products in the order of their names, with a figure for each recipe. */
  public Section<List<Product>> products() {
    return tables
        .collect(
            PrecisionTables.PRECISION_SITES,
            "probe",
            PredictedError.class,
            rows -> rows.where("recipe not like '%-sparse24'").orderBy("site", "recipe"))
        .map(PrecisionFigures::products);
  }

  private static List<Product> products(List<PredictedError> rows) {
    Map<String, List<PredictedError>> bySite = new LinkedHashMap<>();
    rows.forEach(row -> bySite.computeIfAbsent(row.site(), site -> new ArrayList<>()).add(row));
    return bySite.values().stream().map(PrecisionFigures::product).toList();
  }

  /**
   * Makes a product from the rows of one site: one per recipe, equal in all but error and verdict.
   */
  private static Product product(List<PredictedError> rows) {
    Map<String, Double> errors = new LinkedHashMap<>();
    rows.forEach(row -> errors.put(row.recipe(), Figures.rounded(row.relativeFrobenius())));
    PredictedError any = rows.get(0);
    return new Product(
        any.site(),
        errors,
        Figures.rounded(any.gaussian()),
        rows.stream().allMatch(row -> row.verdict().equals("safe")),
        any.hazards(),
        any.mods());
  }

  /** The kernel of each product at each number of tokens, chosen for each product separately. */
  public Section<List<Kernel>> kernels() {
    return tables
        .collect(
            KernelTables.DISPATCH,
            "dispatch",
            DispatchRow.class,
            rows -> rows.where("mode = 'site'").orderBy("site", "tokens"))
        .map(PrecisionFigures::kernels);
  }

  private static List<Kernel> kernels(List<DispatchRow> rows) {
    List<Kernel> kernels = new ArrayList<>();
    for (DispatchRow row : rows) {
      kernels.add(
          new Kernel(
              row.site(),
              row.tokens(),
              row.recipe(),
              row.library(),
              Figures.rounded(row.micros()),
              Figures.rounded(row.speedup()),
              Figures.rounded(row.error()),
              row.losers()));
    }
    return kernels;
  }
}
