package io.sextant.numerics.gemm;

import io.sextant.numerics.format.Granularity;
import io.sextant.numerics.format.TwoOfFour;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The precision and sparsity in which a product of activations and weights is calculated. */
public enum Recipe {
  /** Both operands in BF16. */
  BF16(null, null, false),
  /** E4M3, one scale per tensor; partial sums go to FP32. */
  E4M3_TENSOR(Granularity.TENSOR, Granularity.TENSOR, false),
  /** As {@link #E4M3_TENSOR}, with all of K summed in the tensor core. */
  E4M3_TENSOR_FAST(Granularity.TENSOR, Granularity.TENSOR, true),
  /** E4M3, one scale per token and one per output; summed in the tensor core. */
  E4M3_ROW(Granularity.ROW, Granularity.ROW, true),
  /** E4M3, one scale per 128 activations and per 128 x 128 weights, as DeepSeek-V3 was trained. */
  E4M3_BLOCK(Granularity.GROUP_128, Granularity.SQUARE_128, false),
  /** BF16, with two of every four activations kept; see {@link TwoOfFour}. */
  BF16_SPARSE24(null, null, false),
  /**
   * E4M3, one scale per tensor that is known beforehand, with two of every four activations kept.
   */
  E4M3_SPARSE24(Granularity.TENSOR, Granularity.TENSOR, false);

  private final Granularity activations;
  private final Granularity weights;
  private final boolean fastAccumulation;

  Recipe(Granularity activations, Granularity weights, boolean fastAccumulation) {
    this.activations = activations;
    this.weights = weights;
    this.fastAccumulation = fastAccumulation;
  }

  /** The recipes that use all activations. */
  public static List<Recipe> dense() {
    return Arrays.stream(values()).filter(recipe -> !recipe.sparse24()).toList();
  }

  /** The recipe with a name such as {@code e4m3-row}; null if there is none. */
  public static Recipe of(String id) {
    for (Recipe recipe : values()) {
      if (recipe.id().equals(id)) {
        return recipe;
      }
    }
    return null;
  }

  /** Whether only two of every four activations are kept. */
  public boolean sparse24() {
    return this == BF16_SPARSE24 || this == E4M3_SPARSE24;
  }

  /** Whether it rounds or drops more of the operands than BF16. */
  public boolean approximate() {
    return this != BF16;
  }

  /** Whether the operands are eight bits wide. */
  public boolean fp8() {
    return activations != null;
  }

  /** The granularity of the activations' scales; null in BF16. */
  public Granularity activations() {
    return activations;
  }

  /** The granularity of the weights' scales; null in BF16. */
  public Granularity weights() {
    return weights;
  }

  /** Whether the tensor core accumulates the sum over all of K, with about 22 bits. */
  public boolean fastAccumulation() {
    return fastAccumulation;
  }

  /** The name in tables and files: {@code e4m3-tensor-fast}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
