package io.sextant.benchmarks;

import io.sextant.placement.search.LayerContext;
import io.sextant.placement.solve.SlotAssignment;
import io.sextant.placement.solve.SlotPlanner;
import java.util.List;
import org.optaplanner.core.api.solver.SolverFactory;
import org.optaplanner.core.config.heuristic.selector.move.MoveSelectorConfig;
import org.optaplanner.core.config.localsearch.decider.acceptor.LocalSearchAcceptorConfig;
import org.optaplanner.core.config.phase.custom.CustomPhaseConfig;
import org.optaplanner.core.config.solver.termination.TerminationConfig;

/**
 * OptaPlanner's local search alone, without the custom phase.
 *
 * @param moves the moves that it draws
 * @param acceptor which of them it takes
 * @param end when it stops
 */
record LocalSearch(
    MoveSelectorConfig<?> moves, LocalSearchAcceptorConfig acceptor, TerminationConfig end) {

  /**
   * @param start shape [slots]: the logical expert in each slot at the start
   * @return shape [slots]
   */
  int[] run(LayerContext context, int[] start) {
    // A search needs a phase before it that initialises the solution; this one has nothing to do.
    CustomPhaseConfig initialised =
        new CustomPhaseConfig()
            .withCustomPhaseCommandList(List.of(director -> director.triggerVariableListeners()));
    return SolverFactory.<SlotAssignment>create(
            SlotPlanner.config(1, initialised, SlotPlanner.search(moves, acceptor, end)))
        .buildSolver()
        .solve(new SlotAssignment(context, start))
        .slotToExpert();
  }
}
