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
  private static final int BUFFER_BYTES = 1 << 16;

  /** A file that expands further than both of these is not worth the time. */
  private static final long LEAST_EXPANDED_BYTES = 64L << 20;

  private static final long MOST_EXPANSION = 256;

  private TraceFiles() {}

  /**
   * The result of one pass over a file's stored bytes.
   *
   * @param contentId SHA-256 of the bytes after decompression, lower-case hex; that of the stored
   *     bytes if the compression is damaged or expands the file beyond all measure
   * @param storedId SHA-256 of the stored bytes, lower-case hex
   * @param head the first bytes after decompression, at most 64 KiB; fewer if the compression is
   *     damaged
   */
  public record Inspection(String contentId, String storedId, byte[] head) {}

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
    Optional<String> content = Optional.empty();
    try (InputStream stored = new DigestInputStream(file.open(), digest)) {
      try (TraceStream stream = TraceStream.open(new LeftOpen(stored))) {
        head = stream.readNBytes(HEAD_BYTES);
        if (stream.isCompressed()) {
          content = expanded(head, stream, file.length());
        }
      }
      stored.transferTo(OutputStream.nullOutputStream());
    }
    String storedId = hex(digest);
    return new Inspection(content.orElse(storedId), storedId, head);
  }

  /** SHA-256 of the head and the rest of the stream; empty if there is no sound and fair rest. */
  private static Optional<String> expanded(byte[] head, TraceStream stream, long storedBytes)
      throws IOException {
    long most = Math.max(LEAST_EXPANDED_BYTES, MOST_EXPANSION * storedBytes);
    MessageDigest digest = sha256();
    digest.update(head);
    byte[] buffer = new byte[BUFFER_BYTES];
    int count = stream.read(buffer);
    while (count >= 0 && stream.position() <= most) {
      digest.update(buffer, 0, count);
      count = stream.read(buffer);
    }
    return stream.damage() == null && count < 0 ? Optional.of(hex(digest)) : Optional.empty();
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
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
