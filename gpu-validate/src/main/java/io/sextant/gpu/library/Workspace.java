package io.sextant.gpu.library;

import io.sextant.gpu.cuda.DeviceBuffer;

/**
 * Device memory that a library's kernels may use while they run.
 *
 * @param address address on the device; 0 if there is no memory
 */
public record Workspace(long address, long bytes) {
  /** A workspace without memory. */
  public static final Workspace NONE = new Workspace(0, 0);

  /** A workspace that uses a whole buffer; the caller closes the buffer. */
  public static Workspace of(DeviceBuffer buffer) {
    return new Workspace(buffer.address(), buffer.bytes());
  }
}
