package io.sextant.schema.file;

import java.io.IOException;

/** The bytes of an array, read once from start to end. */
public interface ArrayBytes {

  /** The array's name, for messages. */
  String name();

  /** Number of bytes not read yet; -1 if it is not known before they are read. */
  long left();

  /**
   * Reads the next bytes.
   *
   * @throws CorruptTraceException if there are fewer
   * @throws IOException if the storage fails
   */
  void fill(byte[] target, int offset, int length) throws CorruptTraceException, IOException;
}
