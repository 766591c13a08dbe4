package io.sextant.schema.spec;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Reads absolute ids of layers: a list, or {@code {first: F, step: S}} for F, F + S, ... up to the
 * last layer.
 *
 * @param fields the description
 * @param layers number of layers of the model
 */
record LayerIds(YamlFields fields, int layers) {
  List<Integer> read(String field) {
    if (fields.node(field).isObject()) {
      YamlFields range = fields.required(field);
      int first = range.integer("first", 0, layers - 1);
      int step = range.integer("step", 1, layers);
      range.allowNoOther();
      return IntStream.iterate(first, layer -> layer < layers, layer -> layer + step)
          .boxed()
          .toList();
    }
    List<Integer> ids = fields.integers(field, 0, layers - 1);
    for (int i = 1; i < ids.size(); i++) {
      if (ids.get(i) <= ids.get(i - 1)) {
        throw fields.wrong(
            field,
            "layer %d follows layer %d".formatted(ids.get(i), ids.get(i - 1)),
            "List each layer once, in ascending order");
      }
    }
    return ids;
  }
}
