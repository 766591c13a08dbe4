package io.sextant.schema.placement;

import io.sextant.schema.InvalidInputException;

/** One engine's file format for a map: writes a map as bytes and reads rows from bytes. */
interface EngineFile {
  /**
   * The file's bytes; equal maps give equal bytes.
   *
   * @param where the file, for messages
   * @param map a map that is usable on these GPUs, with at least one layer and the same number of
   *     slots in every layer
   * @param gpus the engine's expert-parallel size
   * @throws InvalidInputException if this engine would refuse the map
   */
  byte[] encode(String where, PlacementMap map, int gpus);

  /**
   * @param where the file, for messages
   * @throws InvalidInputException naming the field that is wrong
   */
  MapRows decode(String where, byte[] bytes);
}
