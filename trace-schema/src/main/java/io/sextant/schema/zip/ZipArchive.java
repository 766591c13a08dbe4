package io.sextant.schema.zip;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.ForwardBytes;
import io.sextant.schema.file.TraceFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A zip file, with or without the 64-bit extensions (PKWARE APPNOTE 6.3.10, sections 4.3 and 4.5):
 * the directory at its end, then entries, which are read fastest in the order of their bytes.
 * Java's own readers need a local file or entries that give their size at the start, and files of
 * torch need not be either.
 */
public final class ZipArchive implements Closeable {
  private static final int LOCAL = 0x04034b50;
  private static final int END = 0x06054b50;
  private static final int END_64 = 0x06064b50;
  private static final int LOCATOR_64 = 0x07064b50;

  private static final int LOCAL_BYTES = 30;
  private static final int END_BYTES = 22;
  private static final int END_64_BYTES = 56;
  private static final int LOCATOR_64_BYTES = 20;

  /** The end records and the longest comment. */
  private static final int TAIL_BYTES = END_64_BYTES + LOCATOR_64_BYTES + END_BYTES + 0xFFFF;

  private static final long MOST_DIRECTORY_BYTES = 64L << 20;
  private static final int MOST_ENTRIES = 1 << 20;

  private final ForwardBytes bytes;
  private long fileBytes;
  private ZipDirectory directory;

  /**
   * @param method compression method: 0 stored, 8 deflated
   * @param crc checksum of the content
   * @param stored number of bytes in the file
   * @param size number of bytes of the content
   * @param header position of the entry's own header
   */
  public record Entry(String name, int method, int crc, long stored, long size, long header) {}

  private ZipArchive(ForwardBytes bytes) {
    this.bytes = bytes;
  }

  /** Whether these may be the first bytes of a zip file. */
  public static boolean mayBegin(byte[] head) {
    return head.length >= 4 && little(head).getInt(0) == LOCAL;
  }

  public static ZipArchive open(TraceFile file) throws CorruptTraceException, IOException {
    ForwardBytes bytes = new ForwardBytes(file);
    ZipArchive archive = new ZipArchive(bytes);
    try {
      archive.readDirectory();
      return archive;
    } catch (CorruptTraceException | IOException | RuntimeException e) {
      bytes.close();
      throw e;
    }
  }

  /**
   * The first entry, in the directory's order, whose name has the given ending; null if there is
   * none.
   *
   * @throws CorruptTraceException if the directory contradicts itself there
   */
  public Entry firstThatEnds(String suffix) throws CorruptTraceException {
    return directory.firstThatEnds(suffix);
  }

  /** Names of the entries, in the directory's order. */
  public List<String> names() {
    return directory.names();
  }

  /**
   * An entry by its full name; null if there is none.
   *
   * @throws CorruptTraceException if the directory contradicts itself there
   */
  public Entry entry(String name) throws CorruptTraceException {
    return directory.entry(name);
  }

  /** The content of an entry. Only one can be read at a time. */
  public ZipEntryBytes open(Entry entry) throws CorruptTraceException, IOException {
    bytes.moveTo(entry.header());
    byte[] fixed = new byte[LOCAL_BYTES];
    bytes.fill(fixed);
    ByteBuffer header = little(fixed);
    if (header.getInt(0) != LOCAL) {
      throw new CorruptTraceException(
          "zip entry %s does not begin at byte %d".formatted(entry.name(), entry.header()));
    }
    long data =
        entry.header()
            + LOCAL_BYTES
            + (header.getShort(26) & 0xFFFF)
            + (header.getShort(28) & 0xFFFF);
    if (data + entry.stored() > fileBytes) {
      throw new CorruptTraceException(
          "zip entry %s of %d bytes does not fit into the file of %d"
              .formatted(entry.name(), entry.stored(), fileBytes));
    }
    bytes.moveTo(data);
    return new ZipEntryBytes(entry, bytes);
  }

  private void readDirectory() throws CorruptTraceException, IOException {
    byte[] tailBytes = bytes.tail(TAIL_BYTES);
    fileBytes = bytes.position();
    ByteBuffer tail = little(tailBytes);
    int end = tailBytes.length - END_BYTES;
    while (end >= 0
        && (tail.getInt(end) != END
            || end + END_BYTES + (tail.getShort(end + 20) & 0xFFFF) != tailBytes.length)) {
      end--;
    }
    if (end < 0) {
      throw new CorruptTraceException(
          "truncated: the directory that ends a zip file is missing after %d bytes"
              .formatted(fileBytes));
    }
    long count = tail.getShort(end + 10) & 0xFFFF;
    long size = tail.getInt(end + 12) & 0xFFFFFFFFL;
    long begin = tail.getInt(end + 16) & 0xFFFFFFFFL;
    int end64 = end - LOCATOR_64_BYTES - END_64_BYTES;
    if (end64 >= 0
        && tail.getInt(end - LOCATOR_64_BYTES) == LOCATOR_64
        && tail.getInt(end64) == END_64) {
      count = tail.getLong(end64 + 32);
      size = tail.getLong(end64 + 40);
      begin = tail.getLong(end64 + 48);
    }
    if (count < 0 || count > MOST_ENTRIES || size < 0 || size > MOST_DIRECTORY_BYTES) {
      throw new CorruptTraceException(
          "the zip directory claims %s entries in %s bytes; at most %d in %d are read"
              .formatted(
                  Long.toUnsignedString(count),
                  Long.toUnsignedString(size),
                  MOST_ENTRIES,
                  MOST_DIRECTORY_BYTES));
    }
    if (begin < 0 || begin > fileBytes - size) {
      throw new CorruptTraceException(
          "the zip directory claims to begin at byte %s of %d"
              .formatted(Long.toUnsignedString(begin), fileBytes));
    }
    bytes.moveTo(begin);
    byte[] content = new byte[(int) size];
    bytes.fill(content);
    directory = new ZipDirectory(little(content), (int) count, fileBytes);
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }
}
