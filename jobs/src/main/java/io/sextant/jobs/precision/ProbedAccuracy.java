package io.sextant.jobs.precision;

import static org.apache.spark.sql.functions.col;

import io.sextant.jobs.spark.SparkTables;
import io.sextant.jobs.table.TypedRows;
import io.sextant.numerics.dispatch.Accuracy;
import io.sextant.numerics.dispatch.KernelFigures;
import io.sextant.schema.table.PrecisionTables;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The errors that {@code probe} predicted for a model's sites. For a site without a prediction the
 * kernel's own measured error is used.
 */
final class ProbedAccuracy implements Accuracy {
  /** The columns of {@code precision_sites} that are read. */
  private record PredictedSite(
      String site, String recipe, double relativeFrobenius, String verdict) {}

  private final Map<String, PredictedSite> bySiteAndRecipe;

  private ProbedAccuracy(Map<String, PredictedSite> bySiteAndRecipe) {
    this.bySiteAndRecipe = bySiteAndRecipe;
  }

  static Accuracy of(SparkSession spark, String warehouse, String model) {
    Optional<Dataset<Row>> table =
        SparkTables.read(spark, warehouse, PrecisionTables.PRECISION_SITES);
    if (table.isEmpty()) {
      return AS_MEASURED;
    }
    Map<String, PredictedSite> rows = new HashMap<>();
    TypedRows.of(PredictedSite.class)
        .collect(table.get().filter(col("model").equalTo(model)))
        .forEach(row -> rows.put(key(row.site(), row.recipe()), row));
    return new ProbedAccuracy(rows);
  }

  private static String key(String site, String recipe) {
    return site + "\n" + recipe;
  }

  private Optional<PredictedSite> row(KernelFigures kernel) {
    return Optional.ofNullable(bySiteAndRecipe.get(key(kernel.site(), kernel.recipe())));
  }

  /**
   * The error that probe predicts from the model's own operands, if it has a prediction for the
   * site.
   */
  @Override
  public double error(KernelFigures kernel) {
    return row(kernel).map(PredictedSite::relativeFrobenius).orElse(kernel.relativeFrobenius());
  }

  @Override
  public Optional<String> objection(KernelFigures kernel) {
    return row(kernel)
        .filter(row -> row.verdict().equals("unsafe"))
        .map(row -> "probe calls the site unsafe for this recipe");
  }
}
