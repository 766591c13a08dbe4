package io.sextant.jobs.plan;

import io.sextant.jobs.group.Grouped;
import io.sextant.placement.migration.MovesFile;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.placement.PlannedFor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the files of a plan, for engines and people. */
public record PlanFolder(Path folder) {
  public static final String PLACEMENT_FILE = PlacementMaps.FILE;
  public static final String METRICS_FILE = "metrics.json";
  public static final String MOVES_FILE = "moves.json";

  static final String UNGROUPED_FILE = "ungrouped.json";

  private static final String GREEDY_FILE = "greedy.json";
  private static final String GROUPS_FILE = "groups.json";

  /**
   * The file of a map.
   *
   * @param map file of a map, or a folder that solve wrote
   */
  public static Path placement(Path map) {
    return Files.isDirectory(map) ? map.resolve(PLACEMENT_FILE) : map;
  }

  Path placement() {
    return folder.resolve(PLACEMENT_FILE);
  }

  /**
   * Writes a plan that was made for no profile, the baseline and their figures. Creates the folder.
   *
   * @param metrics every figure of every plan, as JSON
   */
  void write(PlacementMap plan, PlacementMap greedy, String metrics) throws IOException {
    writeBeside(greedy, metrics);
    PlacementMaps.write(placement(), plan);
  }

  private void writeBeside(PlacementMap greedy, String metrics) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(METRICS_FILE), metrics);
    PlacementMaps.write(folder.resolve(GREEDY_FILE), greedy);
  }

  /** Writes the candidate and, if a map is in force, the moves from that map. */
  void write(Candidate candidate, String metrics, PlannedFor profile) throws IOException {
    Files.createDirectories(folder);
    if (candidate.moves().isPresent()) {
      Files.writeString(
          folder.resolve(MOVES_FILE), MovesFile.toJson(candidate.moves().orElseThrow()));
    }
    writeBeside(candidate.planned().greedy(), metrics);
    PlacementMaps.write(placement(), candidate.placement(), profile);
  }

  /**
   * Writes the grouped plan as the folder's plan, and keeps the plan without groups for comparison.
   */
  void group(Grouped grouped, PlacementMap ungrouped, PlannedFor profile) throws IOException {
    grouped.router().write(folder.resolve(GROUPS_FILE));
    PlacementMaps.write(folder.resolve(UNGROUPED_FILE), ungrouped, profile);
    PlacementMaps.write(placement(), grouped.map(), profile);
  }
}
