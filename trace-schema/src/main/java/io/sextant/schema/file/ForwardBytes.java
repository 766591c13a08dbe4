package io.sextant.schema.file;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads a file's decompressed bytes by position on file systems that cannot seek. It goes forward
 * by skipping and backward by opening the file again, which it does a limited number of times.
 */
public final class ForwardBytes implements Closeable {
  private static final int MOST_REOPENINGS = 16;
  private static final int SKIP_BYTES = 1 << 16;

  private final TraceFile file;
  private final byte[] scratch = new byte[SKIP_BYTES];
  private TraceStream stream;
  private int reopenings;

  public ForwardBytes(TraceFile file) throws IOException {
    this.file = file;
    this.stream = TraceStream.open(file);
  }

  /** Reads bytes in memory. */
  public static ForwardBytes of(byte[] content) throws IOException {
    return new ForwardBytes(
        new TraceFile() {
          @Override
          public String path() {
            return "memory";
          }

          @Override
          public long length() {
            return content.length;
          }

          @Override
          public long modifiedMillis() {
            return 0;
          }

          @Override
          public InputStream open() {
            return new ByteArrayInputStream(content);
          }
        });
  }

  public long position() {
    return stream.position();
  }

  /** Moves to a byte. */
  public void moveTo(long position) throws CorruptTraceException, IOException {
    if (position < stream.position()) {
      if (++reopenings > MOST_REOPENINGS) {
        throw new CorruptTraceException(
            "the parts of the file are not in order: the file would have to be read more than %d times"
                .formatted(MOST_REOPENINGS));
      }
      stream.close();
      stream = TraceStream.open(file);
    }
    while (stream.position() < position) {
      if (stream.skip(position - stream.position()) > 0) {
        continue;
      }
      int wanted = (int) Math.min(scratch.length, position - stream.position());
      if (stream.read(scratch, 0, wanted) < 0) {
        throw truncated(position);
      }
    }
  }

  /**
   * @return bytes read, at least 1 if {@code length} is not 0
   * @throws CorruptTraceException if the file ends here
   */
  public int some(byte[] buffer, int offset, int length) throws CorruptTraceException, IOException {
    int count = stream.read(buffer, offset, length);
    if (count < 0) {
      throw truncated(stream.position() + length);
    }
    return count;
  }

  /** Fills the array. */
  public void fill(byte[] buffer) throws CorruptTraceException, IOException {
    int filled = stream.readNBytes(buffer, 0, buffer.length);
    if (filled < buffer.length) {
      throw truncated(stream.position() + buffer.length - filled);
    }
  }

  /**
   * Reads to the end.
   *
   * @param most maximum length of the tail to keep
   * @return the last bytes of the file
   */
  public byte[] tail(int most) throws CorruptTraceException, IOException {
    if (!stream.isCompressed() && file.length() > most) {
      moveTo(file.length() - most);
    }
    byte[] ring = new byte[most];
    int count;
    while ((count = stream.read(scratch, 0, scratch.length)) >= 0) {
      int from = Math.max(0, count - most);
      int at = (int) ((stream.position() - count + from) % most);
      int first = Math.min(count - from, most - at);
      System.arraycopy(scratch, from, ring, at, first);
      System.arraycopy(scratch, from + first, ring, 0, count - from - first);
    }
    if (stream.damage() != null) {
      throw truncated(stream.position() + 1);
    }
    int length = (int) Math.min(most, stream.position());
    byte[] tail = new byte[length];
    long begin = stream.position() - length;
    for (int i = 0; i < length; i++) {
      tail[i] = ring[(int) ((begin + i) % most)];
    }
    return tail;
  }

  private CorruptTraceException truncated(long expected) {
    return new CorruptTraceException(Faults.truncated(expected, stream.position(), stream));
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
