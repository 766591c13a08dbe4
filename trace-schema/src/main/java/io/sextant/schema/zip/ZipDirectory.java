package io.sextant.schema.zip;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import io.sextant.schema.zip.ZipArchive.Entry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The directory of a zip file: its entries in order and by name (PKWARE APPNOTE 6.3.10, 4.3.12).
 */
final class ZipDirectory {
  private static final int CENTRAL = 0x02014b50;
  private static final int CENTRAL_BYTES = 46;
  private static final int MOST_PROBES = 1_000;

  /**
   * The directory's bytes as stored. A dump of 2 GB has about 100,000 entries, and one object per
   * entry would take much memory.
   */
  private final ByteBuffer directory;

  /** The start of each entry in {@link #directory}, in order. */
  private final int[] entryStarts;

  /**
   * A hash table of the entries by name, with open addressing; a value is the entry's index plus 1.
   */
  private final int[] entryTable;

  private final long fileBytes;

  /**
   * @param directory the directory's bytes, little endian
   * @param count number of entries
   * @param fileBytes length of the whole file
   * @throws CorruptTraceException if the bytes are not that many entries with different names
   */
  ZipDirectory(ByteBuffer directory, int count, long fileBytes) throws CorruptTraceException {
    this.directory = directory;
    this.fileBytes = fileBytes;
    this.entryStarts = new int[count];
    this.entryTable = new int[Integer.highestOneBit(Math.max(1, count)) * 4];
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

  /** The first entry, in order, whose name has the given ending; null if there is none. */
  Entry firstThatEnds(String suffix) throws CorruptTraceException {
    for (int start : entryStarts) {
      if (name(start).endsWith(suffix)) {
        return entryAt(start);
      }
    }
    return null;
  }

  /** Names of the entries in order. */
  List<String> names() {
    return Arrays.stream(entryStarts).mapToObj(this::name).toList();
  }

  /** An entry by its full name; null if there is none. */
  Entry entry(String name) throws CorruptTraceException {
    int place = place(name);
    return entryTable[place] == 0 ? null : entryAt(entryStarts[entryTable[place] - 1]);
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
}
