package io.sextant.placement.solve;

import io.sextant.placement.anneal.Annealing;
import io.sextant.placement.anneal.AnnealingStage;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.search.FlowAnnealer;
import io.sextant.placement.search.SlotAnnealer;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.view.CopyCounts;
import java.util.Optional;

/**
 * Places the experts of one layer for an engine's choice of copies and transport. OptaPlanner runs
 * the search: see {@link SlotPlanner}.
 */
public final class LayerSolver {
  /**
   * From a good map, in remote nodes per token: hotter moves would only be taken back. Chosen
   * without a measurement.
   */
  private static final AnnealingStage NEAR = new AnnealingStage(2e-4, 1e-5);

  /**
   * For a linear program that chooses copies, in remote nodes per token. A start at 1e-2 ended
   * worse after 5,000 steps.
   */
  private static final AnnealingStage LINKING = new AnnealingStage(2e-3, 1e-5);

  /** A proposal solves the program of each micro-batch, so it costs as much as many others. */
  private static final int LINK_DEARER = 8;

  private LayerSolver() {}

  /**
   * @return shape [slots]: the logical expert in each slot; every expert has a slot and no GPU
   *     holds two copies of one
   */
  public static int[] solve(LayerProblem problem, SolverSettings settings) {
    return surviving(problem, settings, free(problem, settings));
  }

  /**
   * Makes a map that loses no expert with the hardware that the settings name.
   *
   * @param map shape [slots]: the logical expert in each slot
   * @return shape [slots]: the map itself if it loses none
   * @throws IllegalArgumentException if the slots do not suffice for copies in two units
   */
  public static int[] surviving(LayerProblem problem, SolverSettings settings, int[] map) {
    return new SurvivingLayer(problem, settings).of(map);
  }

  /** As {@link #solve(LayerProblem, SolverSettings)}, without regard to failures. */
  private static int[] free(LayerProblem problem, SolverSettings settings) {
    LayerProblem served = TransportReduction.of(problem);
    SolverSettings priced = TransportReduction.priced(settings, problem);
    if (!served.rule().hasViews()) {
      return divided(RuledLayer.plain(served, priced), priced);
    }
    int[] copies = CopyCounts.byLoad(served);
    return RuledLayer.hasViews(served, copies) && CopyCounts.atMostTwo(copies)
        ? new ViewSolver(served, priced).solve(copies)
        : divided(RuledLayer.divided(served, priced, copies), priced);
  }

  /**
   * Solves a layer from a map with fewer slots per GPU, with fewer steps than without one: only
   * copies are added, and then all slots are annealed together.
   *
   * @param fewer shape [fewer slots]: the logical expert in each slot, on the same GPUs
   * @return shape [slots]: as {@link #solve(LayerProblem, SolverSettings)}; empty if the limits of
   *     the rule do not allow copies beside the experts of the map
   */
  public static Optional<int[]> grow(LayerProblem problem, SolverSettings settings, int[] fewer) {
    SolverSettings priced = TransportReduction.priced(settings, problem);
    return new WarmStart(TransportReduction.of(problem), priced)
        .from(fewer)
        .map(slots -> surviving(problem, settings, slots));
  }

  private static int[] divided(RuledLayer layer, SolverSettings priced) {
    int[] slots =
        SlotPlanner.solve(layer.context(), priced, context -> DivideAndPack.best(context, priced));
    return layer.experts(linked(layer, slots, priced));
  }

  /** Arranges copies anew for an engine that solves a linear program. */
  static int[] linked(RuledLayer layer, int[] slots, SolverSettings settings) {
    LayerProblem problem = layer.context().problem();
    if (!layer.splitsByProgram() || problem.layout().slots() == problem.tokens().experts()) {
      return slots;
    }
    return new FlowAnnealer(layer.context(), slots)
        .run(
            new Annealing(
                LINKING, settings.budget().packingSteps() / LINK_DEARER, settings.seed()));
  }

  /**
   * One stage of an annealing of all slots.
   *
   * @param from shape [slots]: the last state of the stage before
   * @return shape [slots]: the last state of this stage, from which the next one starts
   */
  public static int[] anneal(
      LayerProblem problem, SolverSettings settings, int[] from, AnnealingStage stage) {
    SolverSettings priced = TransportReduction.priced(settings, problem);
    RuledLayer layer = layer(problem, priced, from);
    SlotAnnealer annealer = new SlotAnnealer(layer.context(), layer.searched(from));
    annealer.run(annealing(stage, problem, priced));
    return layer.experts(annealer.slots());
  }

  /**
   * The last stage of an annealing of all slots, then the local search.
   *
   * @param from shape [slots]: the last state of the stage before
   * @return shape [slots]: as {@link #solve(LayerProblem, SolverSettings)}
   */
  public static int[] settle(
      LayerProblem problem, SolverSettings settings, int[] from, AnnealingStage stage) {
    SolverSettings priced = TransportReduction.priced(settings, problem);
    RuledLayer layer = layer(problem, priced, from);
    int[] start = layer.searched(from);
    int[] slots =
        SlotPlanner.solve(
            layer.context(),
            priced,
            start,
            context -> new SlotAnnealer(context, start).run(annealing(stage, problem, priced)));
    return layer.experts(linked(layer, slots, priced));
  }

  /**
   * Improves the map in force without moving more than a number of its experts.
   *
   * @param current shape [slots]: the map in force
   * @param mostMoved slots whose expert may come from another GPU
   * @return shape [slots]: a map no worse than {@code current} on the sample
   */
  public static int[] solve(
      LayerProblem problem, SolverSettings settings, int[] current, int mostMoved) {
    SolverSettings priced = TransportReduction.priced(settings, problem);
    RuledLayer layer = layer(problem, priced, current);
    int[] slots =
        layer.experts(
            new SlotAnnealer(layer.context(), layer.searched(current), mostMoved)
                .run(annealing(NEAR, problem, priced)));
    return layer.objective(slots) < layer.objective(current) ? slots : current.clone();
  }

  /** A layer in which every expert has as many copies as in a map. */
  static RuledLayer layer(LayerProblem problem, SolverSettings settings, int[] map) {
    return RuledLayer.of(
        TransportReduction.of(problem), settings, CopyCounts.of(map, problem.tokens().experts()));
  }

  private static Annealing annealing(
      AnnealingStage stage, LayerProblem problem, SolverSettings settings) {
    return new Annealing(
        TransportReduction.stage(stage, problem), settings.budget().jointSteps(), settings.seed());
  }
}
