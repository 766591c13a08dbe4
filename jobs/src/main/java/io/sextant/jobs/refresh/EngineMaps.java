package io.sextant.jobs.refresh;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.SglangInitExpertLocation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The files of a version that engines load, below {@code export/<engine>/}. */
final class EngineMaps {
  private static final String SGLANG = "sglang";

  private EngineMaps() {}

  /**
   * @throws InvalidInputException where an engine has no writer
   */
  static void requireKnown(List<String> engines) {
    for (String engine : engines) {
      if (!engine.equals(SGLANG)) {
        throw InvalidInputException.of(
            "--engine " + engine, "there is no writer for it", "Give " + SGLANG);
      }
    }
  }

  /**
   * @param where the placement's name, for messages
   * @throws InvalidInputException where an engine refuses the placement
   */
  static SortedMap<String, byte[]> of(
      List<String> engines, String where, PlacementMap map, int gpus) {
    requireKnown(engines);
    SortedMap<String, byte[]> files = new TreeMap<>();
    if (engines.contains(SGLANG)) {
      files.put(
          "export/sglang/expert_location.json",
          SglangInitExpertLocation.toJson(where, map, gpus).getBytes(StandardCharsets.UTF_8));
    }
    return files;
  }
}
