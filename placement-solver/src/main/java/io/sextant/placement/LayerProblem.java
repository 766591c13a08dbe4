package io.sextant.placement;

import java.util.Arrays;

/**
 * One layer to place: its slots and a sample of its tokens.
 *
 * @param layout the physical slots
 * @param tokens a sample of whole requests in arrival order, each token with the node it starts on
 * @param microBatchTokens tokens of a micro-batch, over which load is balanced
 */
public record LayerProblem(SlotLayout layout, LayerTokens tokens, int microBatchTokens) {

  public LayerProblem {
    int experts = tokens.experts();
    if (layout.slots() < experts) {
      throw new IllegalArgumentException(
          "%d slots cannot hold %d experts".formatted(layout.slots(), experts));
    }
    if (layout.slotsPerGpu() > experts) {
      throw new IllegalArgumentException(
          "%d slots on a GPU need two copies of one of %d experts"
              .formatted(layout.slotsPerGpu(), experts));
    }
  }

  /** The same layer with about {@code most} of its tokens, evenly spaced. */
  LayerProblem thinned(int most) {
    int n = tokens.tokens();
    if (n <= most) {
      return this;
    }
    int k = tokens.topK();
    short[] ids = new short[most * k];
    byte[] source = new byte[most];
    for (int i = 0; i < most; i++) {
      int t = (int) ((long) i * n / most);
      System.arraycopy(tokens.ids(), t * k, ids, i * k, k);
      source[i] = tokens.sourceNode()[t];
    }
    return new LayerProblem(
        layout, new LayerTokens(tokens.experts(), k, ids, source), microBatchTokens);
  }

  /** Tokens of each expert in the sample; experts beyond the layer's own have none. */
  double[] load(int experts) {
    double[] load = new double[experts];
    for (short e : tokens.ids()) {
      load[e]++;
    }
    return Arrays.copyOf(load, experts);
  }
}
