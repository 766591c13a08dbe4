package io.sextant.schema.trace.response;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.tensor.MemoryBytes;
import io.sextant.schema.tensor.NpyHeader;
import io.sextant.schema.trace.routing.MemoryRoutes;
import java.io.IOException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The decoded value of {@code routed_experts}, before its shape is determined.
 *
 * @param name name of the field, for messages
 * @param bytes the values, or a whole {@code .npy}; only the first {@code length} bytes count
 * @param length number of bytes that count
 * @param shape shape given with the bytes; null if not given
 * @param dtype name of the type given with the bytes; null if not given
 * @param start position of the first row given with the bytes; -1 if not given
 * @param fault the reason why the value cannot be used; null if it can
 */
record RouteValue(
    String name, byte[] bytes, int length, long[] shape, String dtype, long start, String fault) {
  private static final Pattern DTYPE =
      Pattern.compile("(?:torch\\.|numpy\\.|np\\.)?(u?)int(8|16|32|64)|[<|=]?([iu])([1248])");
  private static final int INT_BYTES = 4;

  /** A value that cannot be used. */
  static RouteValue faulty(String name, String fault) {
    return new RouteValue(name, new byte[0], 0, null, null, -1, fault);
  }

  /** Bytes without shape, type and position. */
  static RouteValue of(String name, BoundedBytes bytes) {
    return new RouteValue(name, bytes.bytes(), bytes.length(), null, null, -1, null);
  }

  /**
   * The array. Bytes without a type are 32-bit integers, as SGLang returns them. Without a shape,
   * the number of layers is the one that fits.
   *
   * @param rows number of rows that the request should have from the array's first row on; -1 if
   *     not known
   */
  MemoryRoutes array(ModelSpec model, long rows) throws CorruptTraceException, IOException {
    if (fault != null) {
      throw new CorruptTraceException(fault);
    }
    if (NpyHeader.begins(Arrays.copyOf(bytes, Math.min(length, 8)))) {
      MemoryBytes content = new MemoryBytes(name, bytes, 0, length);
      NpyHeader header = NpyHeader.read(content);
      return new MemoryRoutes(name, header, bytes, content.position());
    }
    if (shape != null) {
      return shaped();
    }
    NpyHeader type = type(INT_BYTES, new long[0]);
    if (length % type.itemBytes() != 0) {
      throw new CorruptTraceException(
          "%s has %d bytes, not a multiple of %d".formatted(name, length, type.itemBytes()));
    }
    return RawShape.of(this, type, model, rows);
  }

  private MemoryRoutes shaped() throws CorruptTraceException {
    long[] lengths = shape;
    while (lengths.length > 3 && lengths[0] == 1) {
      lengths = Arrays.copyOfRange(lengths, 1, lengths.length);
    }
    long elements = 1;
    for (long size : lengths) {
      elements = size != 0 && elements > (1L << 40) / size ? 1L << 40 : elements * size;
    }
    int item = elements == 0 ? 1 : (int) Math.min(length / elements, Long.BYTES);
    NpyHeader header = type(item, lengths);
    if (elements * header.itemBytes() != length) {
      throw new CorruptTraceException(
          "%s has %d bytes of values, but its shape %s needs %d"
              .formatted(name, length, Arrays.toString(shape), elements * header.itemBytes()));
    }
    return new MemoryRoutes(name, header, bytes, 0);
  }

  /**
   * @param item number of bytes of a value if there is no dtype; narrow values are then unsigned
   */
  private NpyHeader type(int item, long[] lengths) throws CorruptTraceException {
    if (dtype == null) {
      if (Integer.bitCount(item) != 1) {
        throw new CorruptTraceException(
            "%s has %d bytes, which its shape %s does not fit"
                .formatted(name, length, Arrays.toString(shape)));
      }
      return new NpyHeader(item, item >= INT_BYTES, lengths);
    }
    Matcher matcher = DTYPE.matcher(dtype);
    if (!matcher.matches()) {
      throw new CorruptTraceException(
          "%s has dtype '%s'; integers are expected, such as uint8 or int32"
              .formatted(name, Faults.shown(dtype)));
    }
    if (matcher.group(2) != null) {
      return new NpyHeader(
          Integer.parseInt(matcher.group(2)) / 8, matcher.group(1).isEmpty(), lengths);
    }
    return new NpyHeader(Integer.parseInt(matcher.group(4)), matcher.group(3).equals("i"), lengths);
  }
}
