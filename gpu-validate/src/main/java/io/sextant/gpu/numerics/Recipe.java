package io.sextant.gpu.numerics;

import java.util.Locale;

/** How a product of activations and weights is calculated. */
public enum Recipe {
  /** Both operands in BF16. */
  BF16(null, null, false),
  /** E4M3, one scale a tensor; partial sums go to FP32. */
  E4M3_TENSOR(Granularity.TENSOR, Granularity.TENSOR, false),
  /** As {@link #E4M3_TENSOR}, with all of K summed in the tensor core. */
  E4M3_TENSOR_FAST(Granularity.TENSOR, Granularity.TENSOR, true),
  /** E4M3, a scale a token and a scale an output; summed in the tensor core. */
  E4M3_ROW(Granularity.ROW, Granularity.ROW, true),
  /** E4M3, a scale for 128 activations and for 128 x 128 weights, as DeepSeek-V3 was trained. */
  E4M3_BLOCK(Granularity.GROUP_128, Granularity.SQUARE_128, false);

  private final Granularity activations;
  private final Granularity weights;
  private final boolean fastAccumulation;

  Recipe(Granularity activations, Granularity weights, boolean fastAccumulation) {
    this.activations = activations;
    this.weights = weights;
    this.fastAccumulation = fastAccumulation;
  }

  /** Whether the operands are eight bits wide. */
  public boolean fp8() {
    return activations != null;
  }

  /** What activations are scaled by; null for {@link #BF16}. */
  public Granularity activations() {
    return activations;
  }

  /** What weights are scaled by; null for {@link #BF16}. */
  public Granularity weights() {
    return weights;
  }

  /** Whether the tensor core keeps the sum over all of K, with about 22 bits. */
  public boolean fastAccumulation() {
    return fastAccumulation;
  }

  /** As tables and files name it: {@code e4m3-tensor-fast}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
