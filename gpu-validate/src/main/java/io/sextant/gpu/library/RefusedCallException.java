package io.sextant.gpu.library;

/** A call that cuBLASLt or cuSPARSELt refused: often a kernel that it does not have after all. */
public final class RefusedCallException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RefusedCallException(String call, String status) {
    super("%s failed with %s".formatted(call, status));
  }
}
