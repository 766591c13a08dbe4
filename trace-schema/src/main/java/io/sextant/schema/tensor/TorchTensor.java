package io.sextant.schema.tensor;

import io.sextant.schema.file.CorruptTraceException;

/**
 * Where a tensor of a torch file lies; its values are in the archive's entry {@code data/KEY}.
 *
 * @param storage class of the storage, such as {@code IntStorage}
 * @param key of the storage
 * @param offset elements before the tensor's first
 * @param shape lengths of the dimensions, none negative; in row order without gaps
 */
public record TorchTensor(String storage, String key, long offset, long[] shape) {
  private static final long MOST_ELEMENTS = 1L << 48;

  /** Bytes of one integer, or 0 where the tensor has no integers. */
  public int itemBytes() {
    return switch (storage) {
      case "ByteStorage", "CharStorage" -> 1;
      case "ShortStorage" -> 2;
      case "IntStorage" -> 4;
      case "LongStorage" -> 8;
      default -> 0;
    };
  }

  public boolean signed() {
    return !storage.equals("ByteStorage");
  }

  /**
   * Values in all.
   *
   * @throws CorruptTraceException where there cannot be so many
   */
  public long elements() throws CorruptTraceException {
    long elements = 1;
    for (long length : shape) {
      if (length != 0 && elements > MOST_ELEMENTS / length) {
        throw new CorruptTraceException("a tensor claims more than %d values".formatted(elements));
      }
      elements *= length;
    }
    return elements;
  }
}
