package io.sextant.gpu.library;

import io.sextant.gpu.cuda.DeviceBuffer;

/**
 * Device memory that a library's kernels may use while they run.
 *
 * @param address address on the device; 0 without any memory
 */
public record Workspace(long address, long bytes) {
  /** No memory. */
  public static final Workspace NONE = new Workspace(0, 0);

  /** The whole of a buffer, which stays the caller's to close. */
  public static Workspace of(DeviceBuffer buffer) {
    return new Workspace(buffer.address(), buffer.bytes());
  }
}
