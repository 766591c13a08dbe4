package io.sextant.gpu.library;

/**
 * Thrown if a library refuses a call, often because it has no such kernel after all, or if a kernel
 * package cannot compute a product.
 */
public final class RefusedCallException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the reason as the message. */
  public RefusedCallException(String reason) {
    super(reason);
  }

  RefusedCallException(String call, String status) {
    super("%s failed with %s".formatted(call, status));
  }
}
