package io.sextant.placement.search;

import io.sextant.placement.objective.MicroBatchLoads;
import io.sextant.placement.objective.ObjectiveWeights;
import io.sextant.placement.objective.SlotState;
import io.sextant.placement.problem.CopyLimits;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.TokenIndex;

/**
 * The data of a layer that every phase uses, computed once.
 *
 * @param problem the layer with the tokens the incremental score works on
 * @param index those tokens by expert
 * @param loads micro-batch loads of all the tokens given
 * @param weights the objective
 * @param limits the slots that copies may have
 */
public record LayerContext(
    LayerProblem problem,
    TokenIndex index,
    MicroBatchLoads loads,
    ObjectiveWeights weights,
    CopyLimits limits) {

  /** Chosen without a measurement; 8,192 tokens each make more than a sample of traffic. */
  private static final int MANY_BATCHES = 256;

  /** Copies may be anywhere. */
  public static LayerContext of(LayerProblem problem, SolverSettings settings) {
    return of(problem, settings, CopyLimits.anywhere(problem.tokens().experts()));
  }

  /** Traffic on a sample of the problem's tokens, load on all of them. */
  public static LayerContext of(LayerProblem problem, SolverSettings settings, CopyLimits limits) {
    LayerProblem sample = problem.thinned(settings.budget().sampleTokens());
    return new LayerContext(
        sample,
        new TokenIndex(sample.tokens()),
        loads(problem, settings),
        settings.weights(),
        limits);
  }

  /**
   * If micro-batches are small, such as decode steps, they are many and alike. Some are then taken,
   * evenly spaced, because the time of a proposal grows with their number.
   */
  private static MicroBatchLoads loads(LayerProblem problem, SolverSettings settings) {
    int sample = settings.budget().sampleTokens() / problem.microBatchTokens();
    return MicroBatchLoads.of(
            problem.tokens(),
            problem.layout().nodes(),
            problem.microBatchTokens(),
            settings.balanced())
        .spaced(Math.max(MANY_BATCHES, sample));
  }

  /** The same layer with other limits. */
  public LayerContext within(CopyLimits others) {
    return new LayerContext(problem, index, loads, weights, others);
  }

  public SlotState state(int[] slotToExpert) {
    return new SlotState(problem, index, loads, weights, limits, slotToExpert);
  }
}
