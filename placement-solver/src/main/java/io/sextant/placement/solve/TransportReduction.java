package io.sextant.placement.solve;

import io.sextant.placement.anneal.AnnealingStage;
import io.sextant.placement.objective.ObjectiveWeights;
import io.sextant.placement.problem.BalanceUnit;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.problem.Topology;
import io.sextant.placement.search.SolverSettings;
import io.sextant.schema.spec.Transport;
import java.util.List;

/**
 * Turns a layer with any transport into one whose tokens are sent once to a node, which is what the
 * search minimises.
 *
 * <ul>
 *   <li>With a send for each choice, each choice is a token of its own. If the rule does not prefer
 *       copies near the source, the number of sends hardly depends on the map.
 *   <li>If a token is sent once to a GPU, or to all, traffic hardly depends on the map either (a
 *       token's experts are nearly all on GPUs of their own). Then the whole cluster counts as one
 *       node, and only the balance of GPUs is left.
 * </ul>
 */
final class TransportReduction {
  private TransportReduction() {}

  static LayerProblem of(LayerProblem problem) {
    return switch (problem.transport()) {
      case NODE_DEDUPLICATED -> problem;
      case PER_EXPERT -> problem.rule().prefersNear() ? choices(problem) : oneDomain(problem);
      case GPU_DEDUPLICATED, ALL_GATHER -> oneDomain(problem);
    };
  }

  /**
   * Prices of a token, shared by its choices if they are tokens of their own. Then the tokens of
   * GPUs are balanced in decode steps too, because the busiest network port decides.
   */
  static SolverSettings priced(SolverSettings settings, LayerProblem problem) {
    if (problem.transport() != Transport.PER_EXPERT || !problem.rule().prefersNear()) {
      return settings;
    }
    int parts = problem.tokens().topK();
    return new SolverSettings(
        settings.budget(),
        new ObjectiveWeights(
            settings.weights().gpuLoad() / parts, settings.weights().nodeReceive() / parts),
        BalanceUnit.TOKENS,
        settings.seed(),
        settings.survived());
  }

  /** A stage in the unit of the search: traffic per choice, if choices are tokens of their own. */
  static AnnealingStage stage(AnnealingStage stage, LayerProblem problem) {
    if (problem.transport() != Transport.PER_EXPERT || !problem.rule().prefersNear()) {
      return stage;
    }
    int parts = problem.tokens().topK();
    return new AnnealingStage(stage.hot() / parts, stage.cold() / parts);
  }

  private static LayerProblem choices(LayerProblem problem) {
    LayerTokens tokens = problem.tokens();
    int k = tokens.topK();
    byte[] nodes = new byte[tokens.ids().length];
    byte[] gpus = new byte[nodes.length];
    for (int i = 0; i < nodes.length; i++) {
      nodes[i] = tokens.sourceNode()[i / k];
      gpus[i] = tokens.sourceLocalGpu()[i / k];
    }
    return new LayerProblem(
        problem.layout(),
        new LayerTokens(tokens.experts(), 1, tokens.ids(), nodes, gpus),
        problem.microBatchTokens() * k,
        problem.rule(),
        Transport.NODE_DEDUPLICATED);
  }

  private static LayerProblem oneDomain(LayerProblem problem) {
    LayerTokens tokens = problem.tokens();
    SlotLayout layout = problem.layout();
    return new LayerProblem(
        new SlotLayout(
            1,
            layout.gpus(),
            layout.slotsPerGpu(),
            new Topology(List.of(), layout.topology().gpuSpeed())),
        new LayerTokens(tokens.experts(), tokens.topK(), tokens.ids(), new byte[tokens.tokens()]),
        problem.microBatchTokens(),
        problem.rule(),
        Transport.NODE_DEDUPLICATED);
  }
}
