package io.sextant.jobs.analyze;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import scala.Tuple2;

/**
 * Tallies a partition of the traces, in one pass and a tally a layer.
 *
 * @param model whose traces they are
 */
record TallyTask(ModelSpec model)
    implements PairFlatMapFunction<Iterator<TracedRow>, Integer, LayerTally> {

  /** Each layer's tally under the layer's index among the MoE layers. */
  @Override
  public Iterator<Tuple2<Integer, LayerTally>> call(Iterator<TracedRow> rows) {
    List<Integer> layers = model.moeLayers();
    LayerTally[] tallies = new LayerTally[layers.size()];
    while (rows.hasNext()) {
      TracedRow row = rows.next();
      int index = layers.indexOf(row.getLayer());
      if (index < 0) {
        throw InvalidInputException.of(
            "traces of day %s, source %s, request %d"
                .formatted(row.getDay(), row.getSource(), row.getRequestId()),
            "layer %d is not an MoE layer of %s".formatted(row.getLayer(), model.name()),
            "Check moe_layers of the model, then ingest again");
      }
      if (tallies[index] == null) {
        tallies[index] = new LayerTally(row.getLayer(), model);
      }
      tallies[index].add(row);
    }
    List<Tuple2<Integer, LayerTally>> found = new ArrayList<>();
    for (int index = 0; index < tallies.length; index++) {
      if (tallies[index] != null) {
        found.add(new Tuple2<>(index, tallies[index]));
      }
    }
    return found.iterator();
  }
}
