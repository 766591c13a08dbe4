package io.sextant.jobs.migrate;

import io.sextant.jobs.score.MovedBytes;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.PlanScores;
import io.sextant.placement.evaluate.PlacementMetrics;
import io.sextant.placement.migration.Moves;
import io.sextant.placement.migration.ParetoFront;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Formats the effect of each limit, and what the moves of the chosen plan need, as text. */
public record MigrationText(Migration migration) {

  /**
   * @param scores figures of every plan of the front
   */
  public String of(PlanScores scores) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%nmoved from the current map: what none of the others beats in every respect%n"
                + "%-12s %18s %18s %14s%n",
            "limit", "moved MB", "remote nodes/token", "max/mean GPU"));
    for (ParetoFront.Point point : ParetoFront.of(points(scores))) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-12s %18.1f %18.4f %14s%n",
              point.plan(),
              point.movedBytes() / 1e6,
              point.remoteNodesPerToken(),
              Double.isNaN(point.maxOverMeanGpuLoad())
                  ? "n/a"
                  : String.format(Locale.ROOT, "%.4f", point.maxOverMeanGpuLoad())));
    }
    Moves moves = migration.moves();
    text.append(
        String.format(
            Locale.ROOT,
            "sextant moves %.1f MB and copies %.1f MB in %d steps; a GPU needs %.1f MB beside its"
                + " slots%n",
            moves.movedBytes() / 1e6,
            moves.copiedBytes() / 1e6,
            moves.steps(),
            moves.stagingBytesOnGpu() / 1e6));
    return text.toString();
  }

  private List<ParetoFront.Point> points(PlanScores scores) {
    MovedBytes moved = migration.movedBytes(migration.front());
    List<ParetoFront.Point> points = new ArrayList<>();
    for (Plan plan : migration.front()) {
      PlacementMetrics m = scores.metrics(plan.name());
      points.add(
          new ParetoFront.Point(
              plan.name(),
              moved.total(plan.name()),
              m.remoteNodesPerToken(),
              m.maxOverMeanGpuLoad()));
    }
    return points;
  }
}
