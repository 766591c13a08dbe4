package io.sextant.jobs.table;

import java.io.IOException;
import java.util.Arrays;
import org.apache.parquet.column.values.bitpacking.BytePacker;
import org.apache.parquet.column.values.bitpacking.Packer;

/**
 * Reads Parquet's RLE/bit-packing hybrid (parquet-format, Encodings.md), many values at a time. A
 * reader is for one page and returns the values in order.
 */
final class HybridRuns {
  private static final int GROUP = 8;

  private final byte[] bytes;
  private final int bits;
  private final BytePacker packer;
  private int at;

  /**
   * @param at offset of the first run
   * @param bits bits per value
   */
  HybridRuns(byte[] bytes, int at, int bits) {
    this.bytes = bytes;
    this.at = at;
    this.bits = bits;
    this.packer = Packer.LITTLE_ENDIAN.newBytePacker(bits);
  }

  /**
   * Reads the next values.
   *
   * @param values array to fill
   * @throws IOException if the runs end before the array is full
   */
  void read(int[] values) throws IOException {
    int[] group = new int[GROUP];
    int read = 0;
    try {
      while (read < values.length) {
        int header = header();
        if ((header & 1) == 0) {
          int end = (int) Math.min(values.length, read + (long) (header >>> 1));
          Arrays.fill(values, read, end, value());
          read = end;
          continue;
        }
        int groups = header >>> 1;
        for (; groups > 0 && read + GROUP <= values.length; groups--, read += GROUP, at += bits) {
          packer.unpack8Values(bytes, at, values, read);
        }
        if (groups > 0 && read < values.length) {
          // Bits after the last value are padding.
          packer.unpack8Values(bytes, at, group, 0);
          System.arraycopy(group, 0, values, read, values.length - read);
          return;
        }
      }
    } catch (ArrayIndexOutOfBoundsException e) {
      throw new IOException("A page of %d values ends too early".formatted(values.length), e);
    }
  }

  private int header() {
    int header = 0;
    int shift = 0;
    byte next;
    do {
      next = bytes[at++];
      header |= (next & 0x7F) << shift;
      shift += 7;
    } while (next < 0);
    return header;
  }

  private int value() {
    int value = 0;
    for (int shift = 0; shift < bits; shift += Byte.SIZE) {
      value |= (bytes[at++] & 0xFF) << shift;
    }
    return value;
  }
}
