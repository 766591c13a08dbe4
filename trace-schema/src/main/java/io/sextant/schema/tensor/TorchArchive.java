package io.sextant.schema.tensor;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.zip.ZipArchive;
import io.sextant.schema.zip.ZipEntryBytes;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A file that {@code torch.save} wrote: a zip file with a pickle, {@code NAME/data.pkl}, and the
 * raw values of its tensors, {@code NAME/data/KEY}.
 */
public final class TorchArchive implements Closeable {
  private static final String PICKLE = "/data.pkl";
  private static final String BYTE_ORDER = "/byteorder";

  /**
   * Limits a compressed pickle, because a malicious one could expand to any size; a stored pickle
   * is no longer than its file.
   */
  private static final long MOST_DEFLATED_BYTES = 64L << 20;

  private static final long MOST_GATHERED_BYTES = 16L << 20;

  private final ZipArchive zip;
  private final String name;

  private TorchArchive(ZipArchive zip, String name) {
    this.zip = zip;
    this.name = name;
  }

  /** Whether these may be the first bytes of such a file. Torch writes the pickle first. */
  public static boolean mayBegin(byte[] head) {
    return ZipArchive.mayBegin(head)
        && new String(head, 0, Math.min(head.length, 4096), StandardCharsets.ISO_8859_1)
            .contains(PICKLE);
  }

  public static TorchArchive open(TraceFile file) throws CorruptTraceException, IOException {
    ZipArchive zip = ZipArchive.open(file);
    try {
      ZipArchive.Entry pickle = zip.firstThatEnds(PICKLE);
      if (pickle != null) {
        String name = pickle.name().substring(0, pickle.name().length() - PICKLE.length());
        TorchArchive archive = new TorchArchive(zip, name);
        archive.checkByteOrder();
        return archive;
      }
      throw new CorruptTraceException("the zip file has no data.pkl: torch did not write it");
    } catch (CorruptTraceException | IOException | RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  private void checkByteOrder() throws CorruptTraceException, IOException {
    ZipArchive.Entry entry = zip.entry(name + BYTE_ORDER);
    if (entry == null) {
      return;
    }
    byte[] order = new byte[(int) Math.min(8, entry.size())];
    try (ZipEntryBytes bytes = zip.open(entry)) {
      bytes.fill(order, 0, order.length);
    }
    String found = new String(order, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    if (!found.equals("little")) {
      throw new CorruptTraceException(
          "the tensors are stored in byte order '%s', expected little"
              .formatted(Faults.oneLine(found)));
    }
  }

  public Object pickle(HeapShare share, PickledDicts dicts)
      throws CorruptTraceException, IOException {
    ZipArchive.Entry entry = zip.entry(name + PICKLE);
    if (entry.method() != 0 && entry.size() > MOST_DEFLATED_BYTES) {
      throw new CorruptTraceException(
          "its pickle is compressed and claims %d bytes; torch does not compress, and at most %d are read. Save it with torch again"
              .formatted(entry.size(), MOST_DEFLATED_BYTES));
    }
    PickleReferences references;
    try (ZipEntryBytes bytes = zip.open(entry)) {
      references = PickleReferences.of(bytes, share);
    }
    try (ZipEntryBytes bytes = zip.open(entry)) {
      Object value = PickleReader.read(bytes, references, share, dicts);
      bytes.finish();
      return value;
    }
  }

  /**
   * The bytes of an integer tensor in row order, from its first value on.
   *
   * @param what the tensor's name, for messages
   */
  public ZipEntryBytes values(TorchTensor tensor, String what)
      throws CorruptTraceException, IOException {
    int itemBytes = tensor.itemBytes();
    if (itemBytes == 0) {
      throw new CorruptTraceException(
          "%s is of %s, expected integers".formatted(what, tensor.type()));
    }
    ZipArchive.Entry entry = zip.entry(name + "/data/" + tensor.key());
    if (entry == null) {
      throw new CorruptTraceException(
          "the values of %s, data/%s, are not in the file"
              .formatted(what, Faults.oneLine(tensor.key())));
    }
    long elements = tensor.isInRowOrder() ? tensor.elements() : tensor.span();
    if (tensor.offset() > entry.size() / itemBytes
        || elements > entry.size() / itemBytes - tensor.offset()) {
      throw new CorruptTraceException(
          "%s needs %d values from %d on, data/%s has %d bytes"
              .formatted(what, elements, tensor.offset(), tensor.key(), entry.size()));
    }
    ZipEntryBytes bytes = zip.open(entry);
    bytes.skip(tensor.offset() * itemBytes);
    return tensor.isInRowOrder() ? bytes : gathered(tensor, bytes, what);
  }

  /** Copies a tensor that is a view of its storage, such as a transposed one, into row order. */
  private static ZipEntryBytes gathered(TorchTensor tensor, ZipEntryBytes bytes, String what)
      throws CorruptTraceException, IOException {
    int item = tensor.itemBytes();
    long values = tensor.elements();
    if (Math.max(tensor.span(), values) > MOST_GATHERED_BYTES / item) {
      throw new CorruptTraceException(
          "%s is a view of %d values that do not lie in row order; at most %d bytes are put in order. Save a contiguous copy of it"
              .formatted(what, values, MOST_GATHERED_BYTES));
    }
    byte[] stored = new byte[(int) tensor.span() * item];
    try (bytes) {
      bytes.fill(stored, 0, stored.length);
      bytes.finish();
    }
    byte[] ordered = new byte[(int) values * item];
    long[] index = new long[tensor.shape().length];
    for (int at = 0; at < ordered.length; at += item) {
      int from = 0;
      for (int d = 0; d < index.length; d++) {
        from += (int) (index[d] * tensor.stride()[d]);
      }
      System.arraycopy(stored, from * item, ordered, at, item);
      for (int d = index.length - 1; d >= 0 && ++index[d] == tensor.shape()[d]; d--) {
        index[d] = 0;
      }
    }
    return ZipEntryBytes.of(what, ordered);
  }

  /**
   * The checksum of a tensor's storage, from the archive's directory.
   *
   * @throws CorruptTraceException if the storage is not in the file
   */
  public int checksum(TorchTensor tensor) throws CorruptTraceException {
    ZipArchive.Entry entry = zip.entry(name + "/data/" + tensor.key());
    if (entry == null) {
      throw new CorruptTraceException(
          "data/%s is not in the file".formatted(Faults.oneLine(tensor.key())));
    }
    return entry.crc();
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
