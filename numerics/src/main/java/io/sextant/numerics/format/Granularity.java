package io.sextant.numerics.format;

/** How many values of a row-major matrix share an FP8 scale. */
public enum Granularity {
  /** All. */
  TENSOR,
  /** A row: a token's activations, or an output's weights. */
  ROW,
  /** 128 neighbours in a row. */
  GROUP_128,
  /** A square of 128 by 128. */
  SQUARE_128;

  /** The side of a group and of a square. */
  public static final int SIDE = 128;
}
