package io.sextant.gpu.library;

import io.sextant.numerics.format.Granularity;

/** The values of an FP8 operand that share a scale ({@code cublasLtMatmulMatrixScale_t}). */
public enum ScaleMode {
  /** One scale for the whole matrix. */
  TENSOR(0),
  /** One scale per row of weights, or per token. */
  ROW(3),
  /**
   * One scale per 128 values along the inner dimension; the scales of all rows for the first 128
   * values come first.
   */
  GROUP_128(4),
  /**
   * One scale per square of 128 by 128 values; row-major over squares, with rows padded to a
   * multiple of four scales.
   */
  BLOCK_128X128(5);

  private final int code;

  ScaleMode(int code) {
    this.code = code;
  }

  /** The mode for a granularity. */
  public static ScaleMode of(Granularity granularity) {
    return switch (granularity) {
      case TENSOR -> TENSOR;
      case ROW -> ROW;
      case GROUP_128 -> GROUP_128;
      case SQUARE_128 -> BLOCK_128X128;
    };
  }

  int code() {
    return code;
  }
}
