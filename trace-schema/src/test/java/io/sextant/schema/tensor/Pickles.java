package io.sextant.schema.tensor;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.trace.Requests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Reads pickles that a test spells out, one byte per character. */
final class Pickles {
  private Pickles() {}

  static Object value(String pickle) throws CorruptTraceException, IOException {
    return value(pickle, new HeapShare(), dict -> null);
  }

  static Object value(String pickle, HeapShare share, PickledDicts dicts)
      throws CorruptTraceException, IOException {
    byte[] file = zip(Map.of("a/data.pkl", pickle.getBytes(StandardCharsets.ISO_8859_1)));
    try (TorchArchive archive = TorchArchive.open(Requests.file("a.pt", file))) {
      return archive.pickle(share, dicts);
    }
  }

  /** The message with which a pickle is refused. */
  static String fault(String pickle) {
    return catchThrowableOfType(CorruptTraceException.class, () -> value(pickle)).getMessage();
  }

  /** Number of bytes of the heap's share that are in use after a pickle was read. */
  static long bytesTaken(String pickle) throws CorruptTraceException, IOException {
    return bytesTaken(pickle, dict -> null);
  }

  static long bytesTaken(String pickle, PickledDicts dicts)
      throws CorruptTraceException, IOException {
    HeapShare share = new HeapShare();
    long all = room(share);
    value(pickle, share, dicts);
    return all - room(share);
  }

  /** Number of bytes that can still be taken. */
  private static long room(HeapShare share) {
    long fits = 0;
    long tooMuch = Long.MAX_VALUE / 2;
    while (tooMuch - fits > 1) {
      long tried = (fits + tooMuch) / 2;
      try {
        share.take(tried);
        fits = tried;
      } catch (CorruptTraceException e) {
        tooMuch = tried;
      }
      share.give(tried);
    }
    return fits;
  }

  /** A zip file of stored entries, as torch writes it. */
  static byte[] zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(file)) {
      for (Map.Entry<String, byte[]> content : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(content.getKey());
        CRC32 crc = new CRC32();
        crc.update(content.getValue());
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.getValue().length);
        entry.setCrc(crc.getValue());
        out.putNextEntry(entry);
        out.write(content.getValue());
      }
    }
    return file.toByteArray();
  }
}
