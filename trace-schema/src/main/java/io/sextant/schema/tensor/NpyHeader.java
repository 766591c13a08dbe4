package io.sextant.schema.tensor;

import io.sextant.schema.file.ArrayBytes;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of an array in NumPy's .npy format, versions 1 to 3
 * (numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
 *
 * @param itemBytes 1, 2, 4 or 8
 * @param signed whether the integers are signed
 * @param shape lengths of the dimensions
 */
public record NpyHeader(int itemBytes, boolean signed, long[] shape) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MOST_HEADER_BYTES = 1 << 16;
  private static final long MOST_ELEMENTS = 1L << 50;

  private static final Pattern DTYPE = Pattern.compile("'descr'\\s*:\\s*'([<|])([iu])([1248])'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*False");
  private static final Pattern SHAPE =
      Pattern.compile("'shape'\\s*:\\s*\\(((?:\\s*\\d{1,15}\\s*,)*(?:\\s*\\d{1,15})?\\s*)\\)");

  /** Whether these are the first bytes of an array. */
  public static boolean begins(byte[] head) {
    return head.length >= MAGIC.length
        && Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  /**
   * Reads the header; the values follow.
   *
   * @throws CorruptTraceException if it is not an array of integers in row order, or the number of
   *     its bytes does not fit its shape
   */
  public static NpyHeader read(ArrayBytes bytes) throws CorruptTraceException, IOException {
    byte[] start = new byte[8];
    bytes.fill(start, 0, start.length);
    if (!begins(start)) {
      throw new CorruptTraceException(
          "wrong magic: %s is not a NumPy array".formatted(bytes.name()));
    }
    if (start[6] < 1 || start[6] > 3) {
      throw new CorruptTraceException(
          "%s is of version %d of the NumPy format; versions 1 to 3 are read"
              .formatted(bytes.name(), start[6] & 0xFF));
    }
    byte[] lengthBytes = new byte[start[6] == 1 ? 2 : 4];
    bytes.fill(lengthBytes, 0, lengthBytes.length);
    long length = 0;
    for (int i = 0; i < lengthBytes.length; i++) {
      length |= (lengthBytes[i] & 0xFFL) << (8 * i);
    }
    if (length > MOST_HEADER_BYTES) {
      throw new CorruptTraceException(
          "%s claims a header of %d bytes".formatted(bytes.name(), length));
    }
    byte[] header = new byte[(int) length];
    bytes.fill(header, 0, header.length);
    String text = new String(header, StandardCharsets.ISO_8859_1);
    Matcher dtype = DTYPE.matcher(text);
    Matcher shape = SHAPE.matcher(text);
    if (!dtype.find() || !shape.find() || !ORDER.matcher(text).find()) {
      throw new CorruptTraceException(
          "%s is not an array of integers in row order: %s"
              .formatted(bytes.name(), Faults.oneLine(text.strip())));
    }
    long[] lengths =
        Arrays.stream(shape.group(1).split(",", -1))
            .map(String::strip)
            .filter(part -> !part.isEmpty())
            .mapToLong(Long::parseLong)
            .toArray();
    int itemBytes = Integer.parseInt(dtype.group(3));
    long elements = 1;
    for (long size : lengths) {
      elements = size != 0 && elements > MOST_ELEMENTS / size ? MOST_ELEMENTS : elements * size;
    }
    if (bytes.left() >= 0 && elements * itemBytes != bytes.left()) {
      throw new CorruptTraceException(
          "%s has %d bytes of values, but its shape %s needs %d"
              .formatted(
                  bytes.name(), bytes.left(), Arrays.toString(lengths), elements * itemBytes));
    }
    return new NpyHeader(itemBytes, dtype.group(2).equals("i"), lengths);
  }
}
