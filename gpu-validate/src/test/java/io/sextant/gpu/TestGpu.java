package io.sextant.gpu;

import io.sextant.gpu.cuda.CudaDevices;
import io.sextant.schema.InvalidInputException;

/** The condition of tests that need a GPU. */
public final class TestGpu {
  private TestGpu() {}

  /** Whether this machine has a CUDA device. */
  public static boolean isThere() {
    try {
      return !CudaDevices.list().devices().isEmpty();
    } catch (InvalidInputException e) {
      return false;
    }
  }
}
