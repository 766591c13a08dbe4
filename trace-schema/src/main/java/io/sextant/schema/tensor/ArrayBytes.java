package io.sextant.schema.tensor;

import io.sextant.schema.file.CorruptTraceException;
import java.io.IOException;

/** The bytes of an array, read once from front to back. */
public interface ArrayBytes {

  /** What the array is called, for messages. */
  String name();

  /** Bytes not read yet; -1 if only reading them tells. */
  long left();

  /**
   * Reads the next bytes.
   *
   * @throws CorruptTraceException if there are fewer
   * @throws IOException if the storage fails
   */
  void fill(byte[] target, int offset, int length) throws CorruptTraceException, IOException;
}
