package io.sextant.numerics.gemm;

/** What a product's activations are made from. */
public enum GemmInput {
  /** The activations themselves. */
  ACTIVATIONS,
  /** The values before a squared ReLU, which a kernel calculates as it loads them. */
  BEFORE_SQUARED_RELU
}
