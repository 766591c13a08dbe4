package io.sextant.jobs.refresh;

import io.sextant.jobs.serving.PlannedProfile;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.EngineFormat;
import io.sextant.schema.placement.EngineRows;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlannedFor;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ServingProfile;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes the files of a version that engines load, below {@code export/<engine>/}. */
final class EngineMaps {
  private EngineMaps() {}

  /**
   * @throws InvalidInputException if an engine has no writer
   */
  static void requireKnown(List<String> engines) {
    engines.forEach(engine -> EngineFormat.of("--engine", engine));
  }

  /** The warnings that {@code export} would print for a plan for a profile. */
  static List<String> warnings(List<String> engines, ServingProfile profile) {
    PlannedProfile planned = new PlannedProfile(PlannedFor.of(profile));
    return engines.stream()
        .map(engine -> planned.warningFor(EngineFormat.of("--engine", engine)))
        .flatMap(Optional::stream)
        .toList();
  }

  /**
   * @param where the placement's name, for messages
   * @throws InvalidInputException if an engine refuses the placement
   */
  static SortedMap<String, byte[]> of(
      List<String> engines, String where, PlacementMap map, ModelSpec model, int gpus) {
    SortedMap<String, byte[]> files = new TreeMap<>();
    for (String engine : engines) {
      EngineFormat format = EngineFormat.of("--engine", engine);
      PlacementMap rows = format.rowsOf(map, model, EngineRows.AUTO);
      files.put(
          "export/" + format.id() + "/" + format.fileName(), format.encode(where, rows, gpus));
    }
    return files;
  }
}
