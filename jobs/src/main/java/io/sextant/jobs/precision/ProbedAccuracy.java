package io.sextant.jobs.precision;

import static org.apache.spark.sql.functions.col;

import io.sextant.gpu.dispatch.Accuracy;
import io.sextant.gpu.gemm.KernelFigures;
import io.sextant.jobs.spark.SparkTables;
import io.sextant.schema.table.PrecisionTables;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What {@code probe} predicted of a model's sites. Of a site that it has not seen, the kernel's own
 * error counts.
 */
final class ProbedAccuracy implements Accuracy {
  private final Map<String, Row> bySiteAndRecipe;

  private ProbedAccuracy(Map<String, Row> bySiteAndRecipe) {
    this.bySiteAndRecipe = bySiteAndRecipe;
  }

  static Accuracy of(SparkSession spark, String warehouse, String model) {
    Optional<Dataset<Row>> table =
        SparkTables.read(spark, warehouse, PrecisionTables.PRECISION_SITES);
    if (table.isEmpty()) {
      return AS_MEASURED;
    }
    Map<String, Row> rows = new HashMap<>();
    table
        .get()
        .filter(col("model").equalTo(model))
        .select("site", "recipe", "relative_frobenius", "verdict")
        .collectAsList()
        .forEach(row -> rows.put(key(row.getString(0), row.getString(1)), row));
    return new ProbedAccuracy(rows);
  }

  private static String key(String site, String recipe) {
    return site + "\n" + recipe;
  }

  private Optional<Row> row(KernelFigures kernel) {
    return Optional.ofNullable(bySiteAndRecipe.get(key(kernel.site(), kernel.recipe())));
  }

  /** What probe predicts for the model's own numbers, where it has seen the site. */
  @Override
  public double error(KernelFigures kernel) {
    return row(kernel).map(row -> row.getDouble(2)).orElse(kernel.relativeFrobenius());
  }

  @Override
  public Optional<String> objection(KernelFigures kernel) {
    return row(kernel)
        .filter(row -> row.getString(3).equals("unsafe"))
        .map(row -> "probe calls the site unsafe for this recipe");
  }
}
