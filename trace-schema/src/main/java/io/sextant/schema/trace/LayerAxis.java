package io.sextant.schema.trace;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.spec.ModelSpec;

/** Maps the positions of a tensor's layer dimension to MoE layers. */
public final class LayerAxis {
  private LayerAxis() {}

  /**
   * The position of each MoE layer. Engines either leave out dense layers or count them.
   *
   * @param found length of the layer dimension
   */
  public static int[] positions(ModelSpec model, long found) throws CorruptTraceException {
    int[] layers = LayerRows.layersOf(model);
    if (found == model.layers()) {
      return layers;
    }
    if (found == layers.length) {
      int[] positions = new int[layers.length];
      for (int i = 0; i < positions.length; i++) {
        positions[i] = i;
      }
      return positions;
    }
    throw new CorruptTraceException(
        "the file has %d layers, but model %s has %d MoE layers of %d"
            .formatted(found, model.name(), layers.length, model.layers()));
  }
}
