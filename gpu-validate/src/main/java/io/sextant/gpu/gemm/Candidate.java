package io.sextant.gpu.gemm;

/** One implementation of a product, with its operands prepared on the device. */
interface Candidate extends AutoCloseable {

  /** The name in tables: {@code cublaslt 13.1.0}. */
  String library();

  /** Number of algorithms to choose from; 0 if there are none. */
  int algorithms();

  /** Whether the input has to be prepared first. */
  boolean prepares();

  /** Starts the work that turns the input into the operand of {@link #multiply}. */
  void prepare();

  /**
   * Starts the product.
   *
   * @param rotation index of the set of weights
   * @throws io.sextant.gpu.library.RefusedCallException if there is no such kernel
   */
  void multiply(int algorithm, int rotation);

  /** Bytes of memory that an algorithm needs beside its operands and outputs. */
  default long workspaceBytes(int algorithm) {
    return 0;
  }

  @Override
  void close();
}
