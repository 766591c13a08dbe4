package io.sextant.schema.trace.response;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.HeapShare;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** A byte array that grows within the memory budget of a file. */
final class BoundedBytes extends OutputStream {
  private static final int FIRST_BYTES = 1 << 10;
  private static final int MOST_BYTES = Integer.MAX_VALUE - 8;

  private final HeapShare share;
  private byte[] bytes = new byte[0];
  private int length;

  BoundedBytes(HeapShare share) {
    this.share = share;
  }

  /**
   * Reports that the memory budget is exhausted, through interfaces that only allow {@link
   * IOException}.
   */
  static final class Full extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient CorruptTraceException reason;

    Full(CorruptTraceException reason) {
      super(reason);
      this.reason = reason;
    }

    CorruptTraceException reason() {
      return reason;
    }
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** Appends a number as four bytes, little-endian. */
  void writeInt(int value) throws IOException {
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      write(value >> shift);
    }
  }

  @Override
  public void write(int one) throws IOException {
    room(1);
    bytes[length++] = (byte) one;
  }

  @Override
  public void write(byte[] more, int offset, int count) throws IOException {
    room(count);
    System.arraycopy(more, offset, bytes, length, count);
    length += count;
  }

  private void room(int more) throws IOException {
    if (more <= bytes.length - length) {
      return;
    }
    long wanted = Math.max(FIRST_BYTES, Math.max((long) length + more, 2L * bytes.length));
    try {
      if ((long) length + more > MOST_BYTES) {
        throw new CorruptTraceException("an array has more bytes than can be read at once");
      }
      wanted = Math.min(wanted, MOST_BYTES);
      // Both arrays exist while one is copied into the other.
      share.take(wanted);
      int before = bytes.length;
      bytes = Arrays.copyOf(bytes, (int) wanted);
      share.give(before);
    } catch (CorruptTraceException e) {
      throw new Full(e);
    }
  }
}
