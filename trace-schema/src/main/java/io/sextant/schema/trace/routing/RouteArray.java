package io.sextant.schema.trace.routing;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.tensor.NpyHeader;
import java.io.IOException;

/**
 * The expert ids of a request, integers [tokens, layers, k] in row order. The array may be read
 * repeatedly.
 */
public interface RouteArray {

  /** The array's name, for messages. */
  String name();

  /** Type and shape of the array. */
  NpyHeader header();

  /**
   * Reads the array from its first row on.
   *
   * @throws CorruptTraceException if the array is damaged
   * @throws IOException if the storage fails
   */
  void forEachRow(Rows rows) throws CorruptTraceException, IOException;

  /** Receives the rows one by one. */
  @FunctionalInterface
  interface Rows {
    /**
     * @param index index of the row, from 0
     * @param row bytes of the row; the array is reused for the next row
     */
    void row(long index, byte[] row) throws CorruptTraceException;
  }

  /** Length of the first dimension. */
  default long tokens() {
    return header().shape()[0];
  }
}
