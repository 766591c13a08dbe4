package io.sextant.schema.tensor;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import io.sextant.schema.file.ForwardBytes;
import io.sextant.schema.file.TraceFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A zip file, with or without the 64-bit extensions (PKWARE APPNOTE 6.3.10, sections 4.3 and 4.5):
 * the directory at its end, then entries, which are read fastest in the order of their bytes.
 * Java's own readers need a local file or entries that give their size at the start, and files of
 * torch need not be either.
 */
public final class ZipArchive implements Closeable {
  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int END_64 = 0x06064b50;
  private static final int LOCATOR_64 = 0x07064b50;

  private static final int LOCAL_BYTES = 30;
  private static final int CENTRAL_BYTES = 46;
  private static final int END_BYTES = 22;
  private static final int END_64_BYTES = 56;
  private static final int LOCATOR_64_BYTES = 20;

  /** The end records and the longest comment. */
  private static final int TAIL_BYTES = END_64_BYTES + LOCATOR_64_BYTES + END_BYTES + 0xFFFF;

  private static final long MOST_DIRECTORY_BYTES = 64L << 20;
  private static final int MOST_ENTRIES = 1 << 20;
  private static final int MOST_PROBES = 1_000;

  private final ForwardBytes bytes;
  private long fileBytes;

  /**
   * The directory's bytes as stored. A dump of 2 GB has about 100,000 entries, and one object per
   * entry would take much memory.
   */
  private ByteBuffer directory;

  /** The start of each entry in {@link #directory}, in order. */
  private int[] entryStarts;

  /**
   * A hash table of the entries by name, with open addressing; a value is the entry's index plus 1.
   */
  private int[] entryTable;

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
  Entry firstThatEnds(String suffix) throws CorruptTraceException {
    for (int start : entryStarts) {
      if (name(start).endsWith(suffix)) {
        return entryAt(start);
      }
    }
    return null;
  }

  /** Names of the entries, in the directory's order. */
  public List<String> names() {
    return Arrays.stream(entryStarts).mapToObj(this::name).toList();
  }

  /**
   * An entry by its full name; null if there is none.
   *
   * @throws CorruptTraceException if the directory contradicts itself there
   */
  public Entry entry(String name) throws CorruptTraceException {
    int place = place(name);
    return entryTable[place] == 0 ? null : entryAt(entryStarts[entryTable[place] - 1]);
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
    directory = little(content);
    index((int) count);
  }

  private void index(int count) throws CorruptTraceException {
    entryStarts = new int[count];
    entryTable = new int[Integer.highestOneBit(Math.max(1, count)) * 4];
    int at = 0;
    for (int i = 0; i < count; i++) {
      if (at + CENTRAL_BYTES > directory.capacity() || directory.getInt(at) != CENTRAL) {
        throw new CorruptTraceException(
            "the zip directory has no entry %d of the %d it claims".formatted(i, count));
      }
      int next = at + CENTRAL_BYTES + nameBytes(at) + extraBytes(at) + commentBytes(at);
      if (next > directory.capacity()) {
        throw new CorruptTraceException("the zip directory ends inside entry " + i);
      }
      String name = name(at);
      int place = place(name);
      if (entryTable[place] != 0) {
        throw new CorruptTraceException(
            "zip entry %s occurs twice".formatted(Faults.oneLine(name)));
      }
      entryStarts[i] = at;
      entryTable[place] = i + 1;
      at = next;
    }
  }

  /** The place of the name in {@link #entryTable}, or the free place for it. */
  private int place(String name) throws CorruptTraceException {
    int mask = entryTable.length - 1;
    int place = ((name.hashCode() * 0x9E3779B9) >>> 8) & mask;
    for (int probes = 0; probes < MOST_PROBES; probes++) {
      if (entryTable[place] == 0 || name(entryStarts[entryTable[place] - 1]).equals(name)) {
        return place;
      }
      place = (place + 1) & mask;
    }
    throw new CorruptTraceException("the zip directory has names that were made to collide");
  }

  private int nameBytes(int start) {
    return directory.getShort(start + 28) & 0xFFFF;
  }

  private int extraBytes(int start) {
    return directory.getShort(start + 30) & 0xFFFF;
  }

  private int commentBytes(int start) {
    return directory.getShort(start + 32) & 0xFFFF;
  }

  private String name(int start) {
    byte[] name = new byte[nameBytes(start)];
    directory.get(start + CENTRAL_BYTES, name);
    return new String(name, StandardCharsets.UTF_8);
  }

  private Entry entryAt(int start) throws CorruptTraceException {
    String name = name(start);
    int method = directory.getShort(start + 10);
    boolean encrypted = (directory.getShort(start + 8) & 1) != 0;
    if (encrypted || (method != 0 && method != 8)) {
      throw new CorruptTraceException(
          "zip entry %s is %s; only stored and deflated entries are read"
              .formatted(Faults.oneLine(name), encrypted ? "encrypted" : "of method " + method));
    }
    long[] wide = {
      directory.getInt(start + 24) & 0xFFFFFFFFL,
      directory.getInt(start + 20) & 0xFFFFFFFFL,
      directory.getInt(start + 42) & 0xFFFFFFFFL
    };
    widen(wide, directory, start + CENTRAL_BYTES + nameBytes(start), extraBytes(start));
    Entry entry = new Entry(name, method, directory.getInt(start + 16), wide[1], wide[0], wide[2]);
    if (entry.size() < 0
        || entry.stored() < 0
        || entry.header() < 0
        || entry.header() > fileBytes
        || entry.stored() > fileBytes - entry.header()
        || (method == 0 && entry.stored() != entry.size())) {
      throw new CorruptTraceException(
          "zip entry %s claims %s bytes, %s of them in the file, from byte %s of %d"
              .formatted(
                  Faults.oneLine(name),
                  Long.toUnsignedString(entry.size()),
                  Long.toUnsignedString(entry.stored()),
                  Long.toUnsignedString(entry.header()),
                  fileBytes));
    }
    return entry;
  }

  /** Reads the values that are all ones from the 64-bit extra field, in the order of the field. */
  private static void widen(long[] values, ByteBuffer directory, int from, int length) {
    int at = from;
    while (at + 4 <= from + length) {
      int bytes = directory.getShort(at + 2) & 0xFFFF;
      if (directory.getShort(at) == 1) {
        int field = at + 4;
        for (int i = 0; i < values.length; i++) {
          if (values[i] == 0xFFFFFFFFL
              && field + Long.BYTES <= Math.min(at + 4 + bytes, from + length)) {
            values[i] = directory.getLong(field);
            field += Long.BYTES;
          }
        }
        return;
      }
      at += 4 + bytes;
    }
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }
}
