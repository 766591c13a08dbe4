package io.sextant.schema.tensor;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.file.TraceFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A file that {@code torch.save} wrote: a zip of a pickle, {@code NAME/data.pkl}, and of the raw
 * values of its tensors, {@code NAME/data/KEY}.
 */
public final class TorchArchive implements Closeable {
  private static final String PICKLE = "/data.pkl";
  private static final String BYTE_ORDER = "/byteorder";

  private final ZipArchive zip;
  private final String name;

  private TorchArchive(ZipArchive zip, String name) {
    this.zip = zip;
    this.name = name;
  }

  /** Whether these may be the first bytes of such a file: torch puts the pickle first. */
  public static boolean mayBegin(byte[] head) {
    return ZipArchive.mayBegin(head)
        && new String(head, 0, Math.min(head.length, 4096), StandardCharsets.ISO_8859_1)
            .contains(PICKLE);
  }

  public static TorchArchive open(TraceFile file) throws CorruptTraceException, IOException {
    ZipArchive zip = ZipArchive.open(file);
    try {
      for (ZipArchive.Entry entry : zip.entries()) {
        if (entry.name().endsWith(PICKLE)) {
          String name = entry.name().substring(0, entry.name().length() - PICKLE.length());
          TorchArchive archive = new TorchArchive(zip, name);
          archive.checkByteOrder();
          return archive;
        }
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

  public Object pickle(HeapShare share, PickleReader.Dicts dicts)
      throws CorruptTraceException, IOException {
    try (ZipEntryBytes bytes = zip.open(zip.entry(name + PICKLE))) {
      Object value = PickleReader.read(bytes, share, dicts);
      bytes.finish();
      return value;
    }
  }

  /**
   * The bytes of a tensor of integers, from its first value on.
   *
   * @param what the tensor is, for messages
   */
  public ZipEntryBytes values(TorchTensor tensor, String what)
      throws CorruptTraceException, IOException {
    int itemBytes = tensor.itemBytes();
    if (itemBytes == 0) {
      throw new CorruptTraceException(
          "%s is of %s, expected integers".formatted(what, tensor.storage()));
    }
    ZipArchive.Entry entry = zip.entry(name + "/data/" + tensor.key());
    if (entry == null) {
      throw new CorruptTraceException(
          "the values of %s, data/%s, are not in the file"
              .formatted(what, Faults.oneLine(tensor.key())));
    }
    long elements = tensor.elements();
    if (tensor.offset() > entry.size() / itemBytes
        || elements > entry.size() / itemBytes - tensor.offset()) {
      throw new CorruptTraceException(
          "%s needs %d values from %d on, data/%s has %d bytes"
              .formatted(what, elements, tensor.offset(), tensor.key(), entry.size()));
    }
    ZipEntryBytes bytes = zip.open(entry);
    bytes.skip(tensor.offset() * itemBytes);
    return bytes;
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
