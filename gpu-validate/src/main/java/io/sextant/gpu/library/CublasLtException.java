package io.sextant.gpu.library;

/**
 * A call of cuBLASLt failed; its status has a name, such as {@code CUBLAS_STATUS_NOT_SUPPORTED}.
 */
public final class CublasLtException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CublasLtException(String call, String status) {
    super(call + " failed with " + status);
  }
}
