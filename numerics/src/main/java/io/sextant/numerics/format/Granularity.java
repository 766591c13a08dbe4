package io.sextant.numerics.format;

/** The values of a row-major matrix that share an FP8 scale. */
public enum Granularity {
  /** All values of the matrix. */
  TENSOR,
  /** The values of a row: a token's activations, or an output's weights. */
  ROW,
  /** 128 neighbours in a row. */
  GROUP_128,
  /** A square of 128 by 128 values. */
  SQUARE_128;

  /** The length of a group and the side of a square. */
  public static final int SIDE = 128;
}
