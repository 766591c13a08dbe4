package io.sextant.jobs.ingest;

import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A small trace file whose stored bytes are read once, so that every pass sees the same bytes and
 * slow storage is read only once.
 *
 * @param stored the file on its storage
 * @param bytes the stored bytes
 */
record FileInMemory(TraceFile stored, byte[] bytes) implements TraceFile {
  /**
   * Larger files are read from their storage in every pass, because each core holds one file in
   * memory.
   */
  static final int MOST_BYTES = 2 << 20;

  /**
   * The file in memory, or the stored file if it is too large for that.
   *
   * @throws IOException if the storage fails
   */
  static TraceFile of(TraceFile stored) throws IOException {
    if (stored.length() > MOST_BYTES) {
      return stored;
    }
    try (InputStream in = stored.open()) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      // The file has grown since its length was read.
      return bytes.length > MOST_BYTES ? stored : new FileInMemory(stored, bytes);
    }
  }

  /** SHA-256 of the bytes, lower-case hex. */
  String storedId() {
    return HexFormat.of().formatHex(TraceFiles.sha256().digest(bytes));
  }

  @Override
  public String path() {
    return stored.path();
  }

  @Override
  public long length() {
    return bytes.length;
  }

  @Override
  public long modifiedMillis() {
    return stored.modifiedMillis();
  }

  @Override
  public Optional<TraceFile> sibling(String name) throws IOException {
    return stored.sibling(name);
  }

  @Override
  public InputStream open() {
    return new ByteArrayInputStream(bytes);
  }
}
