package io.sextant.schema.trace;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/** A trace file as Parquet wants it: back means from the beginning again, which is rare. */
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
      if (target < position) {
        in.close();
        in = file.open();
        position = 0;
      }
      in.skipNBytes(target - position);
      position = target;
    }

    @Override
    public int read() throws IOException {
      int value = in.read();
      position += value < 0 ? 0 : 1;
      return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = in.read(buffer, offset, length);
      position += Math.max(0, count);
      return count;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
