package io.sextant.schema.trace.sglang;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.LayerAxis;
import io.sextant.schema.trace.TraceSink;

/**
 * The model's MoE layers among the layers of a dump. SGLang counts all hidden layers; a build with
 * multi-token prediction appends the draft model's layers.
 *
 * @param positions index of each MoE layer in the dump
 * @param extra number of layers after the model's
 */
record FileLayers(int[] positions, int extra) {
  /** More layers than this after the model's own mean that the dump is of another model. */
  static final int MOST_EXTRA = 4;

  static FileLayers of(ModelSpec model, long layersOfFile) throws CorruptTraceException {
    long extra = layersOfFile - model.layers();
    if (extra > 0 && extra <= MOST_EXTRA) {
      return new FileLayers(LayerAxis.positions(model, model.layers()), (int) extra);
    }
    return new FileLayers(LayerAxis.positions(model, layersOfFile), 0);
  }

  void warnOfExtra(ModelSpec model, TraceSink sink) {
    if (extra > 0) {
      sink.warn(
          "it has %d layers, but %s has %d; the further ones are taken for a draft model's (multi-token prediction) and left out."
              .formatted(model.layers() + extra, model.name(), model.layers()));
    }
  }
}
