package io.sextant.schema.tensor;

import io.sextant.schema.file.ArrayBytes;
import io.sextant.schema.file.CorruptTraceException;

/** The bytes of an array that are in memory. */
public final class MemoryBytes implements ArrayBytes {
  private final String name;
  private final byte[] bytes;
  private final int end;
  private int next;

  /**
   * @param offset index of the first byte
   * @param end index after the last byte
   */
  public MemoryBytes(String name, byte[] bytes, int offset, int end) {
    this.name = name;
    this.bytes = bytes;
    this.next = offset;
    this.end = end;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long left() {
    return (long) end - next;
  }

  /** The index of the next byte in the array. */
  public int position() {
    return next;
  }

  @Override
  public void fill(byte[] target, int offset, int length) throws CorruptTraceException {
    if (length > end - next) {
      throw new CorruptTraceException(
          "truncated: %s ends %d bytes too early".formatted(name, length - (end - next)));
    }
    System.arraycopy(bytes, next, target, offset, length);
    next += length;
  }
}
