package io.sextant.jobs.group;

import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.window.PlanningSample;
import io.sextant.placement.anneal.AnnealingStage;
import io.sextant.placement.grouping.BalancedRouter;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.solve.LayerSolver;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.RouterTable;
import java.util.List;

/**
 * Plans a placement and the groups of requests together. The first groups are clusters of similar
 * prompts. Then two steps alternate while the placement is annealed: experts are placed for the
 * groups, and each request moves to the node where its prefill rows cost least, as the router will
 * do in service. Layers are Spark tasks; only costs by request and node are sent to the driver.
 *
 * @param target the model, cluster and batching to plan for
 * @param settings the solver settings of a whole plan, and what is minimised
 */
public record GroupStage(PlanTarget target, SolverSettings settings, Progress progress) {
  /**
   * Stages of the annealing of all slots that follows the first groups. Requests are routed again
   * after each stage. The first stage is hot enough to separate experts that the first groups
   * placed together; the last is so cool that groups no longer change (docs/evidence/grouping.md).
   */
  private static final List<AnnealingStage> STAGES = AnnealingStage.cooling(8, 3e-3, 2.5e-4);

  /** Divisors of the annealing's steps and of the sample in a stage. */
  private static final int STAGE_LIGHTER = 8;

  private static final int STAGE_COARSER = 2;

  private static final AnnealingStage LAST = new AnnealingStage(2.5e-4, 3e-5);
  private static final int LAST_LIGHTER = 2;

  /**
   * @throws InvalidInputException if the layers do not hold the same requests
   */
  public Grouped run(PlanningSample sample) {
    try (GatheredLayers layers = new GatheredLayers(target.shape(), sample.rows())) {
      Rounds rounds = new Rounds(target, layers);
      Round round =
          new FirstGroups(settings, progress).best(layers, rounds, target.layout().nodes());
      Round last = settled(rounds, annealed(rounds, round));
      return new Grouped(target.map(last.slots()), table(last));
    }
  }

  private Round annealed(Rounds rounds, Round start) {
    SolverSettings coarse = settings.lighter(STAGE_LIGHTER).coarser(STAGE_COARSER);
    Round round = start;
    for (int i = 0; i < STAGES.size(); i++) {
      int number = i + 1;
      AnnealingStage stage = STAGES.get(i);
      round =
          rounds.next(
              round,
              (problem, layer, from) ->
                  LayerSolver.anneal(
                      problem, LayerPlacer.seeded(coarse, layer, number), from, stage));
      progress.say(
          "grouping stage %d of %d: %.4f remote nodes per prefill token",
          number, STAGES.size(), round.cost());
    }
    return round;
  }

  private Round settled(Rounds rounds, Round annealed) {
    SolverSettings light = settings.lighter(LAST_LIGHTER);
    Round last =
        rounds.next(
            annealed,
            (problem, layer, from) ->
                LayerSolver.settle(problem, LayerPlacer.seeded(light, layer, 0), from, LAST));
    progress.say("grouping finished: %.4f remote nodes per prefill token", last.cost());
    return last;
  }

  private RouterTable table(Round last) {
    return new RouterTable(
        target.model().name(),
        target.layout().nodes(),
        BalancedRouter.WINDOW,
        BalancedRouter.TOLERANCE,
        last.prices(),
        target.model().moeLayers(),
        last.nodesOfExpert());
  }
}
