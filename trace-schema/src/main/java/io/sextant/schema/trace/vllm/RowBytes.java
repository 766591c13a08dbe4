package io.sextant.schema.trace.vllm;

import io.sextant.schema.file.ArrayBytes;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.tensor.NpyHeader;
import io.sextant.schema.trace.routing.RouteArray;
import java.io.IOException;

/** Cuts an array [tokens, layers, k] into rows. */
final class RowBytes {
  private RowBytes() {}

  /**
   * @param header the array's header, whose second and third dimension have been checked
   * @param bytes the array's bytes after the header
   */
  static void read(NpyHeader header, ArrayBytes bytes, RouteArray.Rows rows)
      throws CorruptTraceException, IOException {
    long[] shape = header.shape();
    byte[] row = new byte[Math.toIntExact(shape[1] * shape[2] * header.itemBytes())];
    for (long token = 0; token < shape[0]; token++) {
      bytes.fill(row, 0, row.length);
      rows.row(token, row);
    }
  }
}
