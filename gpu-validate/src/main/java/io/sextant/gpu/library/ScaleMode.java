package io.sextant.gpu.library;

import io.sextant.numerics.format.Granularity;

/** How many values of an FP8 operand share a scale ({@code cublasLtMatmulMatrixScale_t}). */
public enum ScaleMode {
  /** One for the whole matrix. */
  TENSOR(0),
  /** One a row of weights, or a token. */
  ROW(3),
  /**
   * One for 128 values along the inner dimension; the scales of all rows for the first 128 come
   * first.
   */
  GROUP_128(4),
  /**
   * One for a square of 128 by 128; row-major over squares, a row padded to a multiple of four
   * scales.
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
