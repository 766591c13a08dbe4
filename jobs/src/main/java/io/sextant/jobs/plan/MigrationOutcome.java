package io.sextant.jobs.plan;

import io.sextant.jobs.score.CostModels;
import io.sextant.jobs.score.MovedBytes;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.PlanScores;
import io.sextant.placement.evaluate.PlacementMetrics;
import io.sextant.placement.migration.LayerOption;
import io.sextant.placement.migration.MigrationPlan;
import io.sextant.placement.migration.Moves;
import io.sextant.placement.migration.ParetoFront;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.spec.ModelSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The plan that keeps to the limit, how to get to it, and what other limits would have brought. */
public final class MigrationOutcome {
  /** Limits of the front, per cent of all logical experts' weights. */
  private static final int[] PERCENT = {0, 1, 2, 5, 10, 20, 40};

  /** Name of the map in force among the plans. */
  public static final String CURRENT = "current";

  private static final String REPLAN = "replan";

  private final ModelSpec model;
  private final SlotLayout layout;
  private final CurrentMap current;
  private final long expertBytes;
  private final PlacementMap chosen;
  private final List<Plan> front = new ArrayList<>();

  /**
   * @param options what each layer could go to
   */
  public MigrationOutcome(
      ModelSpec model, SlotLayout layout, CurrentMap current, List<List<LayerOption>> options) {
    this.model = model;
    this.layout = layout;
    this.current = current;
    this.expertBytes = CostModels.expertBytes(model);
    this.chosen =
        new PlacementMap(
            model.name(),
            model.experts(),
            model.moeLayers(),
            MigrationPlan.within(options, current.mostMovedSlots()).slots());
    long experts = (long) model.experts() * model.moeLayers().size();
    for (int percent : PERCENT) {
      front.add(
          new Plan(
              percent == 0 ? CURRENT : percent + "%",
              MigrationPlan.within(options, experts * percent / 100).slots()));
    }
    front.add(new Plan(REPLAN, MigrationPlan.within(options, CurrentMap.UNLIMITED).slots()));
  }

  public PlacementMap chosen() {
    return chosen;
  }

  /** The plan for each limit of the front, from staying to planning afresh. */
  public List<Plan> front() {
    return List.copyOf(front);
  }

  /** What each plan moves from the current map. */
  public MovedBytes movedBytes(List<Plan> plans) {
    return MovedBytes.of(layout, current.slots(), plans, expertBytes);
  }

  public Moves moves() {
    return Moves.between(layout, current.map(model), chosen, expertBytes, current.mostMovedSlots());
  }

  /** The front, and what the chosen plan's moves need. */
  public String text(PlanScores scores) {
    MovedBytes moved = movedBytes(front);
    List<ParetoFront.Point> points = new ArrayList<>();
    for (Plan plan : front) {
      PlacementMetrics m = scores.metrics(plan.name());
      points.add(
          new ParetoFront.Point(
              plan.name(),
              moved.total(plan.name()),
              m.remoteNodesPerToken(),
              m.maxOverMeanGpuLoad()));
    }
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%nmoved from the current map: what none of the others beats in every respect%n"
                + "%-12s %18s %18s %14s%n",
            "limit", "moved MB", "remote nodes/token", "max/mean GPU"));
    for (ParetoFront.Point point : ParetoFront.of(points)) {
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
    Moves moves = moves();
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
}
