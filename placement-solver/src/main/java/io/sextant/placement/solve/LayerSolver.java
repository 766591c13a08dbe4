package io.sextant.placement.solve;

import io.sextant.placement.anneal.Annealing;
import io.sextant.placement.anneal.AnnealingStage;
import io.sextant.placement.baseline.LinearPlacement;
import io.sextant.placement.problem.CopyLimits;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.search.LayerContext;
import io.sextant.placement.search.SlotAnnealer;
import io.sextant.placement.search.SolverSettings;
import java.util.List;
import java.util.function.Function;
import org.optaplanner.core.api.solver.SolverFactory;
import org.optaplanner.core.config.heuristic.selector.common.SelectionCacheType;
import org.optaplanner.core.config.heuristic.selector.move.MoveSelectorConfig;
import org.optaplanner.core.config.heuristic.selector.move.composite.UnionMoveSelectorConfig;
import org.optaplanner.core.config.heuristic.selector.move.generic.ChangeMoveSelectorConfig;
import org.optaplanner.core.config.heuristic.selector.move.generic.SwapMoveSelectorConfig;
import org.optaplanner.core.config.localsearch.LocalSearchPhaseConfig;
import org.optaplanner.core.config.localsearch.decider.acceptor.LocalSearchAcceptorConfig;
import org.optaplanner.core.config.localsearch.decider.forager.LocalSearchForagerConfig;
import org.optaplanner.core.config.phase.PhaseConfig;
import org.optaplanner.core.config.phase.custom.CustomPhaseConfig;
import org.optaplanner.core.config.score.director.ScoreDirectorFactoryConfig;
import org.optaplanner.core.config.solver.SolverConfig;
import org.optaplanner.core.config.solver.termination.TerminationConfig;

/**
 * Places the experts of one layer with OptaPlanner: a custom phase divides them over nodes and
 * packs them onto GPUs, then a local search polishes all slots together on the exact objective.
 */
public final class LayerSolver {
  /**
   * Late acceptance memory, in moves. docs/evidence/solver.md compares acceptors, not other
   * lengths.
   */
  private static final int LATE_ACCEPTANCE = 400;

  /**
   * From a good map, in remote nodes per token: hotter moves would only be taken back. Chosen
   * without a measurement.
   */
  private static final AnnealingStage NEAR = new AnnealingStage(2e-4, 1e-5);

  private LayerSolver() {}

  /**
   * @return shape [slots]: the logical expert in each slot; every expert has a slot and no GPU
   *     holds two copies of one
   */
  public static int[] solve(LayerProblem problem, SolverSettings settings) {
    int experts = problem.tokens().experts();
    CopyLimits ownNodes = CopyLimits.ownNodes(experts, problem.layout());
    CopyLimits oneNode = CopyLimits.oneNode(experts, problem.layout());
    return switch (problem.rule()) {
      case IDEAL -> place(LayerContext.of(problem, settings), settings);
      case NEAREST -> place(LayerContext.of(problem, settings, ownNodes), settings);
      case RANDOM, ROUND_ROBIN -> place(LayerContext.of(problem, settings, oneNode), settings);
      case LP -> FlowSolver.solve(LayerContext.of(problem, settings, oneNode), settings);
      case TOKEN_HASH, RANK -> ViewSolver.solve(problem, settings);
    };
  }

  /** Places the experts of a layer from nothing. */
  static int[] place(LayerContext layer, SolverSettings settings) {
    return solve(
        layer,
        LinearPlacement.place(layer.problem().tokens().experts(), layer.problem().layout().slots()),
        settings,
        context -> DivideAndPack.best(context, settings));
  }

  /** Places the experts of a layer whose nodes are known. */
  static int[] place(LayerContext layer, SolverSettings settings, int[][] expertsOfNode) {
    return solve(
        layer,
        LinearPlacement.place(layer.problem().tokens().experts(), layer.problem().layout().slots()),
        settings,
        context -> DivideAndPack.best(context, settings, expertsOfNode));
  }

  /**
   * One stage of an annealing of all slots.
   *
   * @param from shape [slots]: the last state of the stage before
   * @return shape [slots]: the last state of this stage, from which the next one starts
   */
  public static int[] anneal(
      LayerProblem problem, SolverSettings settings, int[] from, AnnealingStage stage) {
    SlotAnnealer annealer = new SlotAnnealer(LayerContext.of(problem, settings), from);
    annealer.run(annealing(stage, settings));
    return annealer.slots();
  }

  /**
   * The last stage of an annealing of all slots, then the local search.
   *
   * @param from shape [slots]: the last state of the stage before
   * @return shape [slots]: as {@link #solve(LayerProblem, SolverSettings)}
   */
  public static int[] settle(
      LayerProblem problem, SolverSettings settings, int[] from, AnnealingStage stage) {
    return solve(
        LayerContext.of(problem, settings),
        from,
        settings,
        context -> new SlotAnnealer(context, from).run(annealing(stage, settings)));
  }

  private static int[] solve(
      LayerContext context,
      int[] start,
      SolverSettings settings,
      Function<LayerContext, int[]> structure) {
    SlotAssignment solved =
        SolverFactory.<SlotAssignment>create(config(settings, structure))
            .buildSolver()
            .solve(new SlotAssignment(context, start));
    int[] slots = solved.slotToExpert();
    if (context.state(slots).broken() > 0) {
      throw new IllegalStateException(
          "The solver left %d broken slots".formatted(context.state(slots).broken()));
    }
    return slots;
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
    LayerContext context = LayerContext.of(problem, settings);
    int[] slots = new SlotAnnealer(context, current, mostMoved).run(annealing(NEAR, settings));
    return context.state(slots).objective() < context.state(current).objective()
        ? slots
        : current.clone();
  }

  private static Annealing annealing(AnnealingStage stage, SolverSettings settings) {
    return new Annealing(stage, settings.budget().jointSteps(), settings.seed());
  }

  private static SolverConfig config(
      SolverSettings settings, Function<LayerContext, int[]> structure) {
    CustomPhaseConfig ours =
        new CustomPhaseConfig().withCustomPhaseCommandList(List.of(new SlotsPhase(structure)));
    if (settings.budget().polishScores() <= 0) {
      return config(settings.seed(), ours);
    }
    LocalSearchPhaseConfig polish =
        search(
            swapsAndChanges(),
            new LocalSearchAcceptorConfig().withLateAcceptanceSize(LATE_ACCEPTANCE),
            new TerminationConfig()
                .withScoreCalculationCountLimit((long) settings.budget().polishScores()));
    return config(settings.seed(), ours, polish);
  }

  /** Slots as planning entities, scored incrementally, solved by these phases in turn. */
  public static SolverConfig config(long seed, PhaseConfig<?>... phases) {
    SolverConfig config =
        new SolverConfig()
            .withSolutionClass(SlotAssignment.class)
            .withEntityClasses(PhysicalSlot.class)
            .withScoreDirectorFactory(
                new ScoreDirectorFactoryConfig()
                    .withIncrementalScoreCalculatorClass(SlotScoreCalculator.class))
            .withRandomSeed(seed)
            .withPhases(phases);
    config.setClassLoader(LayerSolver.class.getClassLoader());
    return config;
  }

  /**
   * OptaPlanner's own moves: nine swaps of two slots to one change, chosen without a measurement.
   */
  public static MoveSelectorConfig<?> swapsAndChanges() {
    UnionMoveSelectorConfig moves = new UnionMoveSelectorConfig();
    moves.setMoveSelectorList(
        List.of(
            new SwapMoveSelectorConfig()
                .withCacheType(SelectionCacheType.JUST_IN_TIME)
                .withFixedProbabilityWeight(0.9),
            new ChangeMoveSelectorConfig()
                .withCacheType(SelectionCacheType.JUST_IN_TIME)
                .withFixedProbabilityWeight(0.1)));
    return moves;
  }

  /** A local search that takes the first move the acceptor lets through. */
  public static LocalSearchPhaseConfig search(
      MoveSelectorConfig<?> moves, LocalSearchAcceptorConfig acceptor, TerminationConfig end) {
    LocalSearchPhaseConfig search =
        new LocalSearchPhaseConfig()
            .withMoveSelectorConfig(moves)
            .withAcceptorConfig(acceptor)
            .withForagerConfig(new LocalSearchForagerConfig().withAcceptedCountLimit(1));
    search.setTerminationConfig(end);
    return search;
  }
}
