package io.sextant.gpu.library;

/**
 * Thrown if cuBLASLt or cuSPARSELt refuses a call, often because it has no such kernel after all.
 */
public final class RefusedCallException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RefusedCallException(String call, String status) {
    super("%s failed with %s".formatted(call, status));
  }
}
