package io.sextant.gpu.cuda;

/**
 * Memory on the current device between two zones of a known pattern, which show whether a kernel
 * wrote outside the memory that it was given.
 */
public final class GuardedBuffer implements AutoCloseable {
  private static final int ZONE_BYTES = 256 << 10;
  private static final byte PATTERN = (byte) 0xA5;
  private static final int ALIGNMENT = 256;

  private final DeviceBuffer whole;
  private final DeviceBuffer before;
  private final DeviceBuffer view;
  private final DeviceBuffer after;

  /** Allocates memory; the address of the view is a multiple of 256. */
  public GuardedBuffer(long bytes) {
    // The second zone begins right behind the last byte, so that even one value too many is seen.
    whole = new DeviceBuffer(2L * ZONE_BYTES + bytes + ALIGNMENT);
    before = whole.part(0, ZONE_BYTES);
    view = whole.part(ZONE_BYTES, bytes);
    after = whole.part(ZONE_BYTES + bytes, ZONE_BYTES);
    before.fill(PATTERN);
    after.fill(PATTERN);
  }

  /** The memory between the zones, not initialised. */
  public DeviceBuffer view() {
    return view;
  }

  /** Waits for earlier work, and returns whether both zones are as they were. */
  public boolean intact() {
    return unchanged(before) && unchanged(after);
  }

  private static boolean unchanged(DeviceBuffer zone) {
    for (byte value : zone.toBytes(ZONE_BYTES)) {
      if (value != PATTERN) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    whole.close();
  }
}
