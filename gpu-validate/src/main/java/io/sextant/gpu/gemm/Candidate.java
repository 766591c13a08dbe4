package io.sextant.gpu.gemm;

/** One way of calculating a product, with its operands made ready on the device. */
interface Candidate extends AutoCloseable {

  /** For tables: {@code cublaslt 13.1.0}. */
  String library();

  /** How many algorithms it may choose from; 0 where it has none. */
  int algorithms();

  /** Whether it has to do anything to the input at all. */
  boolean prepares();

  /** Starts what turns the input into what {@link #multiply} reads. */
  void prepare();

  /**
   * Starts the product.
   *
   * @param rotation which set of weights
   * @throws io.sextant.gpu.library.RefusedCallException where there is no such kernel
   */
  void multiply(int algorithm, int rotation);

  @Override
  void close();
}
