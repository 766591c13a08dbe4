package io.sextant.schema.file;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** Determines what a trace file is before it is read. */
public final class TraceFiles {
  private static final int HEAD_BYTES = 1 << 16;

  private TraceFiles() {}

  /**
   * The result of one pass over a file's stored bytes.
   *
   * @param contentId SHA-256 of the stored bytes, lower-case hex
   * @param head the first bytes after decompression, at most 64 KiB; fewer if the compression is
   *     damaged
   */
  public record Inspection(String contentId, byte[] head) {}

  /** A file of the local file system. */
  public static TraceFile local(Path path) throws IOException {
    long length = Files.size(path);
    long modifiedMillis = Files.getLastModifiedTime(path).toMillis();
    return new TraceFile() {
      @Override
      public String path() {
        return path.toString();
      }

      @Override
      public long length() {
        return length;
      }

      @Override
      public long modifiedMillis() {
        return modifiedMillis;
      }

      @Override
      public Optional<TraceFile> sibling(String name) throws IOException {
        Path sibling = path.resolveSibling(name);
        return Files.isRegularFile(sibling) ? Optional.of(local(sibling)) : Optional.empty();
      }

      @Override
      public InputStream open() throws IOException {
        return Files.newInputStream(path);
      }
    };
  }

  /**
   * Reads a file's stored bytes once, for its identity and its first bytes.
   *
   * @throws IOException if the storage fails
   */
  public static Inspection inspect(TraceFile file) throws IOException {
    MessageDigest digest = sha256();
    byte[] head;
    try (InputStream stored = new DigestInputStream(file.open(), digest)) {
      try (TraceStream stream = TraceStream.open(new LeftOpen(stored))) {
        head = stream.readNBytes(HEAD_BYTES);
      }
      stored.transferTo(OutputStream.nullOutputStream());
    }
    return new Inspection(HexFormat.of().formatHex(digest.digest()), head);
  }

  /** The first bytes after decompression, as {@code TraceReader.recognises} takes them. */
  public static byte[] head(TraceFile file) throws IOException {
    try (TraceStream stream = TraceStream.open(file)) {
      return stream.readNBytes(HEAD_BYTES);
    }
  }

  /**
   * The file's name without its folders, without the extension of a compression and without the
   * extension before that: {@code a/day.01.safetensors.zst} gives {@code day.01}.
   */
  public static String source(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (name.endsWith(".zst") || name.endsWith(".gz")) {
      name = name.substring(0, name.lastIndexOf('.'));
    }
    int dot = name.lastIndexOf('.');
    return dot <= 0 ? name : name.substring(0, dot);
  }

  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  /** Ignores close, because the rest of the stream is still to be read. */
  private static final class LeftOpen extends FilterInputStream {
    LeftOpen(InputStream in) {
      super(in);
    }

    @Override
    public void close() {}
  }
}
