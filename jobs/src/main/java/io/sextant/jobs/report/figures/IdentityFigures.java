package io.sextant.jobs.report.figures;

import io.sextant.jobs.report.data.PlanData.Identity;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ClusterSpec;
import io.sextant.schema.spec.ClusterSpecs;
import io.sextant.schema.table.PlanTables.PlacementMetricsRow;
import java.util.Optional;

/**
 * What the page's plan is: from its scores, the record of its run and the cluster's description.
 */
final class IdentityFigures {
  private final WarehouseTables tables;

  IdentityFigures(WarehouseTables tables) {
    this.tables = tables;
  }

  /**
   * @param row the plan's scores
   */
  Identity identity(PlacementMetricsRow row, ShownRun run) {
    return new Identity(
        row.planId(),
        row.cluster(),
        gpus(row.cluster()).orElse(null),
        run.packaging()
            .or(() -> tables.run(run.runId()).flatMap(RecordedRun::packaging))
            .orElse(null),
        row.slots(),
        row.plannedFromDay(),
        row.plannedToDay(),
        row.fromDay());
  }

  /** A cluster that was given as a path may have no description any more. */
  private static Optional<String> gpus(String cluster) {
    if (cluster == null) {
      return Optional.empty();
    }
    try {
      ClusterSpec spec = ClusterSpecs.load(cluster);
      return Optional.of("%d x %d %s".formatted(spec.nodes(), spec.gpusPerNode(), spec.gpu()));
    } catch (InvalidInputException e) {
      return Optional.empty();
    }
  }
}
