package io.sextant.schema.tensor;

import io.sextant.schema.file.CorruptTraceException;

/**
 * The location of a tensor in a torch file. Its values are in the archive's entry {@code data/KEY}.
 *
 * @param type class of the storage, such as {@code IntStorage}, or a dtype, such as {@code uint16}
 * @param key key of the storage
 * @param offset number of elements before the tensor's first
 * @param shape lengths of the dimensions, none negative
 * @param stride number of elements from one index to the next, by dimension, none negative
 */
public record TorchTensor(String type, String key, long offset, long[] shape, long[] stride) {
  private static final long MOST_ELEMENTS = 1L << 48;

  /** Bytes of one integer; 0 if the tensor's elements are not integers. */
  public int itemBytes() {
    return switch (type) {
      case "ByteStorage", "CharStorage", "uint8", "int8" -> 1;
      case "ShortStorage", "uint16", "int16" -> 2;
      case "IntStorage", "uint32", "int32" -> 4;
      case "LongStorage", "uint64", "int64" -> 8;
      default -> 0;
    };
  }

  public boolean signed() {
    return !type.equals("ByteStorage") && !type.startsWith("uint");
  }

  /** Creates a tensor in row order without gaps. */
  public static TorchTensor inRowOrder(String type, String key, long offset, long... shape) {
    long[] stride = new long[shape.length];
    long step = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      stride[i] = step;
      step *= Math.max(1, shape[i]);
    }
    return new TorchTensor(type, key, offset, shape, stride);
  }

  /** Whether the values are in row order without gaps; true for a tensor without values. */
  boolean isInRowOrder() {
    long wanted = 1;
    boolean ordered = true;
    for (int i = shape.length - 1; i >= 0; i--) {
      if (shape[i] == 0) {
        return true;
      }
      ordered &= shape[i] == 1 || stride[i] == wanted;
      wanted *= shape[i];
    }
    return ordered;
  }

  /**
   * Number of elements in the storage from the tensor's first to its last, both included.
   *
   * @throws CorruptTraceException if there cannot be so many
   */
  long span() throws CorruptTraceException {
    long span = 1;
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] == 0) {
        return 0;
      }
      if (stride[i] > MOST_ELEMENTS || (shape[i] - 1) > MOST_ELEMENTS / Math.max(1, stride[i])) {
        throw new CorruptTraceException("a tensor has an absurd stride");
      }
      span += (shape[i] - 1) * stride[i];
    }
    return span;
  }

  /**
   * Total number of values.
   *
   * @throws CorruptTraceException if there cannot be so many
   */
  public long elements() throws CorruptTraceException {
    long elements = 1;
    for (long length : shape) {
      if (length != 0 && elements > MOST_ELEMENTS / length) {
        throw new CorruptTraceException(
            "a tensor claims more than %d values".formatted(MOST_ELEMENTS));
      }
      elements *= length;
    }
    return elements;
  }
}
