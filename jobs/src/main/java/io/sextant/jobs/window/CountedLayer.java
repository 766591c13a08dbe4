package io.sextant.jobs.window;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import java.util.List;
import org.apache.spark.sql.Row;
import scala.jdk.javaapi.CollectionConverters;

/**
 * An engine's counts for one layer of a step: a row of {@code load_counts}.
 *
 * @param day UTC day of the step
 * @param step the engine's number of the step
 * @param arrivalMillis time of the step, ms since 1970 UTC
 * @param layer absolute id of the layer
 * @param tokens shape [experts]: tokens that chose each logical expert
 */
public record CountedLayer(String day, long step, long arrivalMillis, int layer, long[] tokens) {

  /** The columns of {@code load_counts} that {@link #of} reads. */
  public static final List<String> COLUMNS =
      List.of("day", "step", "arrival_ms", "layer", "tokens");

  /**
   * @throws InvalidInputException if the row does not have the model's shape
   */
  public static CountedLayer of(Row row, ModelSpec model) {
    int layer = row.<Integer>getAs("layer");
    List<Long> tokens = CollectionConverters.asJava(row.<Long>getSeq(row.fieldIndex("tokens")));
    if (tokens.size() != model.experts() || !model.moeLayers().contains(layer)) {
      throw InvalidInputException.of(
          "load counts of model " + model.name(),
          "layer %d with %d experts does not belong to this model".formatted(layer, tokens.size()),
          "Check moe_layers and experts of the model, or ingest into another warehouse");
    }
    return new CountedLayer(
        row.getAs("day"),
        row.<Long>getAs("step"),
        row.<Long>getAs("arrival_ms"),
        layer,
        tokens.stream().mapToLong(Long::longValue).toArray());
  }
}
