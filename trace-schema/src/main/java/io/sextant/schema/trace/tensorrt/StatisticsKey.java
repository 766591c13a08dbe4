package io.sextant.schema.trace.tensorrt;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import io.sextant.schema.spec.ModelSpec;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a tensor in TensorRT-LLM's expert statistics.
 *
 * @param iteration the engine's number of the iteration
 * @param layer absolute id; layers of multi-token prediction follow those of the model
 */
record StatisticsKey(long iteration, int layer) {
  private static final Pattern NAME = Pattern.compile("(\\d{1,18})_(\\d{1,9})");

  /**
   * @throws CorruptTraceException if the name is not {@code {iteration}_{layer}}
   */
  static StatisticsKey of(String tensor) throws CorruptTraceException {
    Matcher key = NAME.matcher(tensor);
    if (!key.matches()) {
      throw new CorruptTraceException(
          "tensor %s is not named {iteration}_{layer}".formatted(Faults.oneLine(tensor)));
    }
    return new StatisticsKey(Long.parseLong(key.group(1)), Integer.parseInt(key.group(2)));
  }

  /** Whether the layer is one of multi-token prediction, which model descriptions do not list. */
  boolean isMultiTokenPrediction(ModelSpec model) {
    return layer >= model.layers();
  }

  /**
   * The layer's index among the MoE layers.
   *
   * @param moeLayers absolute ids, ascending
   */
  int index(int[] moeLayers, ModelSpec model) throws CorruptTraceException {
    int index = Arrays.binarySearch(moeLayers, layer);
    if (index < 0) {
      throw new CorruptTraceException(
          "tensor %s is of a layer that is not a MoE layer of %s".formatted(this, model.name()));
    }
    return index;
  }

  @Override
  public String toString() {
    return iteration + "_" + layer;
  }
}
