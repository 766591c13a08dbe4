package io.sextant.schema.zip;

import io.sextant.schema.file.ArrayBytes;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import io.sextant.schema.file.ForwardBytes;
import java.io.IOException;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The content of one zip entry as a stream that checks its length and checksum. Memory: two
 * buffers.
 */
public final class ZipEntryBytes implements ArrayBytes, AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 14;

  private final ZipArchive.Entry entry;
  private final ForwardBytes bytes;
  private final Inflater inflater;
  private final byte[] stored = new byte[BUFFER_BYTES];
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final CRC32 crc = new CRC32();
  private long storedLeft;
  private long left;
  private int next;
  private int end;

  public ZipEntryBytes(ZipArchive.Entry entry, ForwardBytes bytes) {
    this.entry = entry;
    this.bytes = bytes;
    this.storedLeft = entry.stored();
    this.left = entry.size();
    this.inflater = entry.method() == 0 ? null : new Inflater(true);
  }

  /** Creates the same interface for bytes in memory. */
  public static ZipEntryBytes of(String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    return new ZipEntryBytes(
        new ZipArchive.Entry(name, 0, (int) crc.getValue(), content.length, content.length, 0),
        ForwardBytes.of(content));
  }

  @Override
  public String name() {
    return entry.name();
  }

  /** Number of bytes not read yet, according to the directory. */
  @Override
  public long left() {
    return left + end - next;
  }

  public int one() throws CorruptTraceException, IOException {
    if (next == end) {
      refill();
    }
    return buffer[next++] & 0xFF;
  }

  @Override
  public void fill(byte[] target, int offset, int length)
      throws CorruptTraceException, IOException {
    int at = offset;
    while (at < offset + length) {
      if (next == end) {
        refill();
      }
      int count = Math.min(end - next, offset + length - at);
      System.arraycopy(buffer, next, target, at, count);
      next += count;
      at += count;
    }
  }

  public void skip(long length) throws CorruptTraceException, IOException {
    long todo = length;
    while (todo > 0) {
      if (next == end) {
        refill();
      }
      int count = (int) Math.min(end - next, todo);
      next += count;
      todo -= count;
    }
  }

  /** Reads the rest and checks the whole content against its checksum. */
  public void finish() throws CorruptTraceException, IOException {
    while (left > 0) {
      next = end;
      refill();
    }
    if (inflater == null ? storedLeft > 0 : moreToInflate()) {
      throw new CorruptTraceException(
          "zip entry %s continues after its %d bytes".formatted(entry.name(), entry.size()));
    }
    if ((int) crc.getValue() != entry.crc()) {
      throw new CorruptTraceException(
          "zip entry %s is damaged: its checksum is %08x, the directory says %08x"
              .formatted(entry.name(), crc.getValue(), entry.crc()));
    }
  }

  /**
   * Passes the end mark of the deflated stream to the inflater; the mark may be alone in bytes not
   * passed yet.
   */
  private boolean moreToInflate() throws CorruptTraceException, IOException {
    try {
      byte[] one = new byte[1];
      while (!inflater.finished()) {
        if (inflater.inflate(one) > 0) {
          return true;
        }
        if (inflater.needsInput() && !inflater.finished()) {
          if (storedLeft == 0) {
            return true;
          }
          feed();
        }
      }
      return storedLeft > 0 || inflater.getRemaining() > 0;
    } catch (DataFormatException e) {
      throw damaged(e);
    }
  }

  private void feed() throws CorruptTraceException, IOException {
    int read = bytes.some(stored, 0, (int) Math.min(storedLeft, stored.length));
    storedLeft -= read;
    inflater.setInput(stored, 0, read);
  }

  private void refill() throws CorruptTraceException, IOException {
    if (left == 0) {
      throw new CorruptTraceException(
          "truncated: %s ends after its %d bytes".formatted(entry.name(), entry.size()));
    }
    int wanted = (int) Math.min(left, buffer.length);
    int count = inflater == null ? bytes.some(buffer, 0, wanted) : inflate(wanted);
    if (inflater == null) {
      storedLeft -= count;
    }
    crc.update(buffer, 0, count);
    left -= count;
    next = 0;
    end = count;
  }

  private int inflate(int wanted) throws CorruptTraceException, IOException {
    try {
      int count;
      while ((count = inflater.inflate(buffer, 0, wanted)) == 0) {
        if (inflater.finished() || inflater.needsDictionary() || storedLeft == 0) {
          throw new CorruptTraceException(
              "truncated: %s ends %d bytes before its end".formatted(entry.name(), left));
        }
        feed();
      }
      return count;
    } catch (DataFormatException e) {
      throw damaged(e);
    }
  }

  private CorruptTraceException damaged(DataFormatException e) {
    return new CorruptTraceException(
        "zip entry %s is damaged: %s".formatted(entry.name(), Faults.oneLine(e.getMessage())));
  }

  @Override
  public void close() {
    if (inflater != null) {
      inflater.end();
    }
  }
}
