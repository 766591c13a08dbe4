package io.sextant.schema.placement;

import io.sextant.schema.InvalidInputException;

/** How one engine keeps a map in a file: bytes from a map, and rows back from the bytes. */
interface EngineFile {
  /**
   * The file's bytes, the same for the same map.
   *
   * @param where the file, for messages
   * @param map usable on these GPUs, with at least one layer and as many slots in each
   * @param gpus the engine's expert-parallel size
   * @throws InvalidInputException where this engine would refuse the map
   */
  byte[] encode(String where, PlacementMap map, int gpus);

  /**
   * @param where the file, for messages
   * @throws InvalidInputException naming the field that is wrong
   */
  MapRows decode(String where, byte[] bytes);
}
