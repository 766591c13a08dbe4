package io.sextant.schema.tensor;

import io.sextant.schema.file.ArrayBytes;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import io.sextant.schema.file.TraceStream;
import java.io.IOException;

/** The bytes of an array that is a whole file, compressed or not. */
public final class StreamBytes implements ArrayBytes {
  private final String name;
  private final TraceStream stream;

  public StreamBytes(String name, TraceStream stream) {
    this.name = name;
    this.stream = stream;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long left() {
    return -1;
  }

  @Override
  public void fill(byte[] target, int offset, int length)
      throws CorruptTraceException, IOException {
    int filled = stream.readNBytes(target, offset, length);
    if (filled < length) {
      long found = stream.position();
      throw new CorruptTraceException(Faults.truncated(found + length - filled, found, stream));
    }
  }

  /** Checks that the file ends here. */
  public void finish() throws CorruptTraceException, IOException {
    if (stream.read() >= 0) {
      throw new CorruptTraceException(
          "trailing bytes: the file continues after its array, at byte %d"
              .formatted(stream.position() - 1));
    }
    if (stream.damage() != null) {
      throw new CorruptTraceException(
          "after %d bytes %s".formatted(stream.position(), stream.damage()));
    }
  }
}
