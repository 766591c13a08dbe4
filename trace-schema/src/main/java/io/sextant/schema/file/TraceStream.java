package io.sextant.schema.file;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/**
 * The bytes of a trace file after decompression. The compression (zstd, gzip or none) is recognised
 * by the first bytes, not by the name.
 *
 * <p>A truncated or damaged compressed stream ends early, and {@link #damage} says why. The reader
 * knows what it expected and combines both into one message. An {@link IOException} is thrown only
 * if the storage itself fails.
 */
public final class TraceStream extends InputStream {
  private static final int STORED_BUFFER_BYTES = 1 << 18;
  private static final int MAGIC_BYTES = 4;

  private final StoredBytes stored;
  private final InputStream bytes;
  private final String compression;
  private long position;
  private String damage;

  private TraceStream(StoredBytes stored, InputStream bytes, String compression, String damage) {
    this.stored = stored;
    this.bytes = bytes;
    this.compression = compression;
    this.damage = damage;
  }

  public static TraceStream open(TraceFile file) throws IOException {
    return open(file.open());
  }

  /** Takes ownership of the stored bytes; closes them if the constructor fails. */
  public static TraceStream open(InputStream storedBytes) throws IOException {
    StoredBytes stored = new StoredBytes(storedBytes);
    try {
      return open(stored);
    } catch (IOException | RuntimeException e) {
      try {
        stored.close();
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
      throw e;
    }
  }

  private static TraceStream open(StoredBytes stored) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(stored, STORED_BUFFER_BYTES);
    buffered.mark(MAGIC_BYTES);
    byte[] magic = buffered.readNBytes(MAGIC_BYTES);
    buffered.reset();
    if (startsWith(magic, 0x28, 0xB5, 0x2F, 0xFD)) {
      return new TraceStream(stored, new ZstdInputStreamNoFinalizer(buffered), "zstd", null);
    }
    if (startsWith(magic, 0x1F, 0x8B)) {
      try {
        return new TraceStream(stored, new WholeGzipStream(buffered), "gzip", null);
      } catch (IOException e) {
        if (stored.failed()) {
          throw e;
        }
        return new TraceStream(stored, nullInputStream(), "gzip", describe("gzip", e));
      }
    }
    return new TraceStream(stored, buffered, "none", null);
  }

  private static boolean startsWith(byte[] bytes, int... magic) {
    if (bytes.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((bytes[i] & 0xFF) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  /** Number of decompressed bytes delivered so far. */
  public long position() {
    return position;
  }

  /** The reason why the compressed stream ended early; null if it did not. */
  public String damage() {
    return damage;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (damage != null) {
      return -1;
    }
    try {
      int count = bytes.read(buffer, offset, length);
      position += Math.max(count, 0);
      return count;
    } catch (IOException e) {
      if (stored.failed()) {
        throw e;
      }
      damage = describe(compression, e);
      return -1;
    }
  }

  boolean isCompressed() {
    return !compression.equals("none");
  }

  /**
   * Skips without reading if the file is not compressed. Like any stream, it may skip less than
   * asked for.
   */
  @Override
  public long skip(long length) throws IOException {
    if (isCompressed() || length <= 0) {
      return 0;
    }
    long skipped = bytes.skip(length);
    position += skipped;
    return skipped;
  }

  @Override
  public void close() throws IOException {
    bytes.close();
    stored.close();
  }

  private static String describe(String compression, IOException e) {
    String message = String.valueOf(e.getMessage());
    return e instanceof EOFException || message.contains("runcated")
        ? "the " + compression + " stream ends early"
        : "the " + compression + " stream is damaged: " + message;
  }

  /** Records whether a failure came from the storage and not from the decompression above it. */
  private static final class StoredBytes extends FilterInputStream {
    private boolean failed;

    StoredBytes(InputStream in) {
      super(in);
    }

    boolean failed() {
      return failed;
    }

    @Override
    public int read() throws IOException {
      try {
        return in.read();
      } catch (IOException e) {
        failed = true;
        throw e;
      }
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      try {
        return in.read(buffer, offset, length);
      } catch (IOException e) {
        failed = true;
        throw e;
      }
    }
  }

  /** {@link GZIPInputStream} silently ignores bytes after the last member; this class does not. */
  private static final class WholeGzipStream extends GZIPInputStream {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int TRAILER_BYTES = 8;

    WholeGzipStream(InputStream in) throws IOException {
      super(in, BUFFER_BYTES);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = super.read(buffer, offset, length);
      if (count < 0 && (inf.getRemaining() > TRAILER_BYTES || in.read() >= 0)) {
        throw new IOException("bytes follow its end that are not gzip");
      }
      return count;
    }
  }
}
