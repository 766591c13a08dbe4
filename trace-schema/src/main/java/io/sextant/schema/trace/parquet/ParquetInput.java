package io.sextant.schema.trace.parquet;

import io.sextant.schema.file.TraceFile;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/**
 * A trace file as input for Parquet. Seeking backward opens the file again, which is rare. Storage
 * failures are thrown as {@link UncheckedIOException}, to distinguish them from Parquet's own
 * errors about the content.
 */
final class ParquetInput implements InputFile {
  private final TraceFile file;

  ParquetInput(TraceFile file) {
    this.file = file;
  }

  @Override
  public long getLength() {
    return file.length();
  }

  @Override
  public SeekableInputStream newStream() throws IOException {
    return new Seekable(new Reopened(file));
  }

  private static final class Seekable extends DelegatingSeekableInputStream {
    private final Reopened stream;

    Seekable(Reopened stream) {
      super(stream);
      this.stream = stream;
    }

    @Override
    public long getPos() {
      return stream.position;
    }

    @Override
    public void seek(long position) throws IOException {
      stream.moveTo(position);
    }
  }

  private static final class Reopened extends InputStream {
    private final TraceFile file;
    private InputStream in;
    private long position;

    Reopened(TraceFile file) throws IOException {
      this.file = file;
      this.in = file.open();
    }

    void moveTo(long target) throws IOException {
      if (target < 0 || target > file.length()) {
        throw new EOFException("a part at byte %d of %d".formatted(target, file.length()));
      }
      try {
        if (target < position) {
          in.close();
          in = file.open();
          position = 0;
        }
        in.skipNBytes(target - position);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      position = target;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      try {
        int count = in.read(buffer, offset, length);
        position += Math.max(0, count);
        return count;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
