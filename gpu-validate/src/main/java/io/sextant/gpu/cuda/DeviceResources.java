package io.sextant.gpu.cuda;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The resources that one object holds on the device. They are closed together, the latest first. A
 * constructor that fails half-way must close them itself, because its caller never gets the object.
 */
public final class DeviceResources implements AutoCloseable {
  private final Deque<AutoCloseable> held = new ArrayDeque<>();

  /** Takes ownership of a resource and returns it. */
  public <T extends AutoCloseable> T hold(T resource) {
    held.push(resource);
    return resource;
  }

  /** Allocates and holds a buffer. */
  public DeviceBuffer buffer(long bytes) {
    return hold(new DeviceBuffer(bytes));
  }

  /**
   * Closes all resources. Failures to close are added as suppressed exceptions to the given
   * failure.
   */
  public void closeAfter(Throwable failure) {
    try {
      close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * Closes each resource once, even if closing another one fails.
   *
   * @throws RuntimeException the first failure, with later ones as suppressed exceptions
   */
  @Override
  public void close() {
    RuntimeException first = null;
    while (!held.isEmpty()) {
      try {
        held.pop().close();
      } catch (Exception e) {
        RuntimeException failure =
            e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
        if (first == null) {
          first = failure;
        } else {
          first.addSuppressed(failure);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
