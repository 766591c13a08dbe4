package io.sextant.placement;

/** The exact objective of any placement of one layer, on the tokens that solving works on. */
public final class LayerObjective {
  private final LayerContext context;

  public LayerObjective(LayerProblem problem, SolverSettings settings) {
    LayerProblem sample = problem.thinned(settings.sampleTokens());
    this.context =
        new LayerContext(
            sample,
            new TokenIndex(sample.tokens()),
            MicroBatchLoads.of(
                problem.tokens(), problem.layout().nodes(), problem.microBatchTokens()),
            settings.weights());
  }

  /**
   * @param slots shape [slots]: the logical expert in each slot
   * @return what solving minimises, in remote nodes per token
   */
  public double of(int[] slots) {
    return state(slots).objective();
  }

  SlotState state(int[] slots) {
    return context.state(slots);
  }
}
