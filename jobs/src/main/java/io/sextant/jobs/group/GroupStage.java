package io.sextant.jobs.group;

import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.window.PlanningSample;
import io.sextant.jobs.window.Pool;
import io.sextant.jobs.window.WindowRequests;
import io.sextant.placement.anneal.AnnealingStage;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.solve.LayerSolver;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.RouterKnowledge;
import java.util.List;

/**
 * Plans a placement and the groups of requests together. The first groups are clusters of similar
 * prompts. Then two steps alternate while the placement is annealed: experts are placed for the
 * groups, and each request moves to the node where it costs least as far as the router knows, which
 * learns from all other requests in each round. So the placement is made for groups that the router
 * can make of later requests. Layers are Spark tasks; only costs by request and node, and the final
 * costs by token id, are sent to the driver.
 *
 * @param target the model, cluster and batching to plan for
 * @param order the solver settings, and what the router knows
 */
public record GroupStage(PlanTarget target, GroupOrder order, Progress progress) {
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
   * The order for a router that requests of the window allow, before a plan is made. If the user
   * asked for none, it is the profile's or the one that knows most.
   *
   * @throws InvalidInputException if requests of the window lack what the router has to know
   */
  public GroupOrder known(WindowRequests window) {
    if (order.asked()) {
      RequestKnowledge.requireKnown(order.router(), window);
      return order;
    }
    if (RequestKnowledge.isKnown(order.router(), window)) {
      return order;
    }
    RouterKnowledge most = RequestKnowledge.most(window);
    if (most == RouterKnowledge.PREFILL && target.pool() == Pool.PREFILL) {
      RequestKnowledge.requireKnown(order.router(), window);
    }
    progress.say(
        "requests lack what a router by %s has to know; grouping for --router %s%s",
        order.router().id(),
        most.id(),
        most == RouterKnowledge.PREFILL ? ", which only a decode pool can have" : "");
    return order.with(most);
  }

  /**
   * @param window the requests of the sampled window
   * @throws InvalidInputException if the layers do not hold the same requests, or the requests lack
   *     what the router has to know
   */
  public Grouped run(PlanningSample sample, WindowRequests window) {
    try (GatheredLayers layers = new GatheredLayers(target.shape(), sample.rows())) {
      RequestKnowledge known = RequestKnowledge.of(order.router(), layers.requests(), window);
      try (Rounds rounds = new Rounds(target, layers, known)) {
        Round round =
            new FirstGroups(order.settings(), progress)
                .best(layers, rounds, target.layout().nodes());
        Round last = settled(rounds, annealed(rounds, round));
        return new Grouped(
            target.map(last.slots()), new RouterLearning(target, layers, known).of(last));
      }
    }
  }

  private Round annealed(Rounds rounds, Round start) {
    SolverSettings coarse = order.settings().lighter(STAGE_LIGHTER).coarser(STAGE_COARSER);
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
          "grouping stage %d of %d: %.4f %s", number, STAGES.size(), round.cost(), rounds.unit());
    }
    return round;
  }

  private Round settled(Rounds rounds, Round annealed) {
    SolverSettings light = order.settings().lighter(LAST_LIGHTER);
    Round last =
        rounds.next(
            annealed,
            (problem, layer, from) ->
                LayerSolver.settle(problem, LayerPlacer.seeded(light, layer, 0), from, LAST));
    progress.say("grouping finished: %.4f %s", last.cost(), rounds.unit());
    return last;
  }
}
