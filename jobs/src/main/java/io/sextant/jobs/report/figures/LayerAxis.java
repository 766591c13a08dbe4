package io.sextant.jobs.report.figures;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import java.util.List;

/** The index of each layer's figures in the arrays of the report. */
final class LayerAxis {
  private final ModelSpec model;
  private final List<Integer> layers;

  LayerAxis(ModelSpec model) {
    this.model = model;
    this.layers = model.moeLayers();
  }

  int size() {
    return layers.size();
  }

  /**
   * @throws InvalidInputException if the warehouse has a layer that the model does not have
   */
  int index(int layer) {
    int index = layers.indexOf(layer);
    if (index < 0) {
      throw InvalidInputException.of(
          "model " + model.name(),
          "the warehouse has figures of layer %d, the model's MoE layers are %s"
              .formatted(layer, layers),
          "Check moe_layers of the model, then run analyze again");
    }
    return index;
  }
}
