package io.sextant.jobs.plan;

import io.sextant.jobs.group.Grouped;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.PlanIds;
import io.sextant.placement.migration.MovesFile;
import io.sextant.schema.file.CompleteFile;
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
  void write(Plan plan, Plan greedy, String metrics, PlanIds ids) throws IOException {
    writeBeside(greedy, metrics, ids);
    write(placement(), plan, PlannedFor.NONE, ids);
  }

  private void writeBeside(Plan greedy, String metrics, PlanIds ids) throws IOException {
    Files.createDirectories(folder);
    CompleteFile.write(folder.resolve(METRICS_FILE), metrics);
    write(folder.resolve(GREEDY_FILE), greedy, PlannedFor.NONE, ids);
  }

  /** Writes the candidate and, if a map is in force, the moves from that map. */
  void write(Candidate candidate, String metrics, PlanIds ids) throws IOException {
    Files.createDirectories(folder);
    if (candidate.moves().isPresent()) {
      CompleteFile.write(
          folder.resolve(MOVES_FILE), MovesFile.toJson(candidate.moves().orElseThrow()));
    }
    writeBeside(Plan.of(Plan.GREEDY, candidate.planned().greedy()), metrics, ids);
    write(placement(), Plan.of(Plan.SEXTANT, candidate.placement()), profile(ids), ids);
  }

  /**
   * Writes the grouped plan as the folder's plan, and keeps the plan without groups for comparison.
   */
  void group(Grouped grouped, PlacementMap ungrouped, PlanIds ids) throws IOException {
    Plan plan = Plan.of(Plan.GROUPED, grouped.map());
    grouped.router().ofPlan(ids.of(plan).value()).write(folder.resolve(GROUPS_FILE));
    write(folder.resolve(UNGROUPED_FILE), Plan.of(Plan.SEXTANT, ungrouped), profile(ids), ids);
    write(placement(), plan, profile(ids), ids);
  }

  private static PlannedFor profile(PlanIds ids) {
    return PlannedFor.of(ids.target().profile());
  }

  private static void write(Path file, Plan plan, PlannedFor profile, PlanIds ids)
      throws IOException {
    PlacementMaps.write(file, ids.target().map(plan.slots()), profile, ids.origin(plan));
  }
}
