package io.sextant.placement.solve;

import io.sextant.placement.baseline.LinearPlacement;
import io.sextant.placement.search.LayerContext;
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
 * OptaPlanner's part of solving: a custom phase in which a search of ours decides all slots, then a
 * local search that polishes them on the exact objective.
 */
public final class SlotPlanner {
  /**
   * Late acceptance memory, in moves. docs/evidence/solver.md compares acceptors, not other
   * lengths.
   */
  private static final int LATE_ACCEPTANCE = 400;

  private SlotPlanner() {}

  /** Without a map to begin with. */
  static int[] solve(
      LayerContext context, SolverSettings settings, Function<LayerContext, int[]> search) {
    int[] linear =
        LinearPlacement.place(
            context.problem().tokens().experts(), context.problem().layout().slots());
    return solve(context, settings, linear, search);
  }

  /**
   * @param start shape [slots]: the logical expert in each slot of a map that the result is no
   *     worse than, if the map keeps the limits
   * @param search gives the logical expert of each slot
   * @return shape [slots]: the logical expert in each slot
   * @throws IllegalStateException if the plan breaks a limit, which would be a bug
   */
  static int[] solve(
      LayerContext context,
      SolverSettings settings,
      int[] start,
      Function<LayerContext, int[]> search) {
    SlotAssignment solved =
        SolverFactory.<SlotAssignment>create(config(settings, search))
            .buildSolver()
            .solve(new SlotAssignment(context, start));
    int[] slots = solved.slotToExpert();
    if (context.state(slots).broken() > 0) {
      throw new IllegalStateException(
          "The solver left %d broken slots".formatted(context.state(slots).broken()));
    }
    return slots;
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
    config.setClassLoader(SlotPlanner.class.getClassLoader());
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
