package io.sextant.numerics.gemm;

/** The input from which a product's activations are calculated. */
public enum GemmInput {
  /** The activations themselves. */
  ACTIVATIONS,
  /** The values before a squared ReLU, which a kernel applies as it loads them. */
  BEFORE_SQUARED_RELU
}
