package io.sextant.schema.trace;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.spec.ModelSpec;
import java.util.Arrays;

/** Gathers the counts of one step and sums those of physical experts into logical ones. */
public final class LayerCounts {
  private static final long MOST_TOKENS = 1L << 48;

  private final int[] layers;
  private final int experts;
  private final long[][] tokens;
  private final boolean[] seen;

  public LayerCounts(ModelSpec model) throws CorruptTraceException {
    this.layers = LayerRows.layersOf(model);
    this.experts = model.experts();
    this.tokens = new long[layers.length][experts];
    this.seen = new boolean[layers.length];
  }

  /**
   * @param layer index among the MoE layers
   */
  public void add(int layer, long expert, long count) throws CorruptTraceException {
    if (expert < 0 || expert >= experts) {
      throw new CorruptTraceException(
          "layer %d: expert %d is not below num_experts %d"
              .formatted(layers[layer], expert, experts));
    }
    if (count < 0 || count > MOST_TOKENS) {
      throw new CorruptTraceException(
          "layer %d, expert %d: %d tokens".formatted(layers[layer], expert, count));
    }
    tokens[layer][(int) expert] += count;
    seen[layer] = true;
  }

  public boolean has(int layer) {
    return seen[layer];
  }

  /**
   * Delivers the step. Layers without a token are left out, because an engine's buffer is zero for
   * layers and steps that did not run.
   *
   * @return whether there were any tokens
   */
  public boolean deliver(TraceSink sink, long step, long arrivalMillis) {
    int count = 0;
    int[] counted = new int[layers.length];
    long[][] rows = new long[layers.length][];
    for (int i = 0; i < layers.length; i++) {
      if (Arrays.stream(tokens[i]).anyMatch(sum -> sum > 0)) {
        counted[count] = layers[i];
        rows[count++] = tokens[i];
      }
    }
    if (count > 0) {
      sink.counts(
          new LoadCounts(
              step, arrivalMillis, Arrays.copyOf(counted, count), Arrays.copyOf(rows, count)));
    }
    return count > 0;
  }
}
