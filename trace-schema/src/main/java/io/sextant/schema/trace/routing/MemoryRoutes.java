package io.sextant.schema.trace.routing;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.tensor.NpyHeader;
import java.util.Arrays;

/**
 * An array in memory.
 *
 * @param name the array's name, for messages
 * @param header type and shape
 * @param bytes bytes with the values from {@code offset} on; more may follow
 */
public record MemoryRoutes(String name, NpyHeader header, byte[] bytes, int offset)
    implements RouteArray {

  @Override
  public void forEachRow(Rows rows) throws CorruptTraceException {
    int rowBytes = rowBytes();
    byte[] row = new byte[rowBytes];
    long tokens = tokens();
    for (long i = 0; i < tokens; i++) {
      System.arraycopy(bytes, Math.toIntExact(offset + i * rowBytes), row, 0, rowBytes);
      rows.row(i, row);
    }
  }

  /** Whether both arrays begin with the same rows. */
  public boolean sameRows(MemoryRoutes other, long count) {
    int length = Math.toIntExact(count * rowBytes());
    return rowBytes() == other.rowBytes()
        && Arrays.equals(
            bytes, offset, offset + length, other.bytes, other.offset, other.offset + length);
  }

  private int rowBytes() {
    long[] shape = header.shape();
    return Math.toIntExact(shape[1] * shape[2] * header.itemBytes());
  }
}
