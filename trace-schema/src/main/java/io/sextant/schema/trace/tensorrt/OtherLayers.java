package io.sextant.schema.trace.tensorrt;

import io.sextant.schema.trace.TraceSink;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Layers of multi-token prediction, which a file may contain although model descriptions do not
 * list them.
 */
final class OtherLayers {
  private static final int MOST_SHOWN = 8;

  private final TreeSet<Integer> layers = new TreeSet<>();
  private long tensors;

  void add(StatisticsKey key) {
    layers.add(key.layer());
    tensors++;
  }

  /** Reports which layers were left out. */
  void remark(TraceSink sink) {
    if (tensors > 0) {
      sink.warn(
          "%d tensors of layer %s are left out: the model has no such layer, multi-token prediction counts on from the last"
              .formatted(
                  tensors,
                  layers.stream()
                          .limit(MOST_SHOWN)
                          .map(String::valueOf)
                          .collect(Collectors.joining(", "))
                      + (layers.size() > MOST_SHOWN ? ", ..." : "")));
    }
  }
}
