package io.sextant.gpu.cuda;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What one object holds on the device. All of it is closed together, the latest first. A
 * constructor that fails half-way closes it too: nobody else can, because its caller never gets the
 * object.
 */
public final class DeviceResources implements AutoCloseable {
  private final Deque<AutoCloseable> held = new ArrayDeque<>();

  /** Takes over a resource and returns it. */
  public <T extends AutoCloseable> T hold(T resource) {
    held.push(resource);
    return resource;
  }

  /** Allocates and holds a buffer. */
  public DeviceBuffer buffer(long bytes) {
    return hold(new DeviceBuffer(bytes));
  }

  /** Closes what is held. What fails while it does is suppressed under the failure before it. */
  public void closeAfter(Throwable failure) {
    try {
      close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * Closes everything that is held, once, even if closing one of them fails.
   *
   * @throws RuntimeException the first failure; later ones are suppressed under it
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
