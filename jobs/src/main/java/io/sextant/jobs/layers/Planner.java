package io.sextant.jobs.layers;

import io.sextant.jobs.score.Plan;
import io.sextant.placement.baseline.CoactivationGrouping;
import io.sextant.placement.baseline.EplbPlacement;
import io.sextant.placement.baseline.FlashLb;
import io.sextant.placement.baseline.LinearPlacement;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.solve.LayerSolver;
import io.sextant.schema.spec.ModelSpec;
import java.util.Optional;

/** The ways to place a layer's experts that are compared. */
public enum Planner {
  LINEAR(Plan.LINEAR),
  EPLB("eplb"),
  EPLB_HIERARCHICAL("eplb-hierarchical"),
  COACTIVATION("coactivation"),
  FLASHLB("flashlb"),
  SEXTANT(Plan.SEXTANT);

  private final String planName;

  Planner(String planName) {
    this.planName = planName;
  }

  public String planName() {
    return planName;
  }

  /** The reason if the planner cannot plan for the model; empty if it can. */
  public Optional<String> obstacle(ModelSpec model, SlotLayout layout) {
    if (this == EPLB_HIERARCHICAL && groups(model, layout) == 0) {
      return Optional.of(
          "%d experts do not divide over %d nodes".formatted(model.experts(), layout.nodes()));
    }
    if (this == COACTIVATION && layout.slotsPerGpu() > model.experts() / layout.nodes()) {
      return Optional.of(
          "a GPU has %d slots but its node only %d experts"
              .formatted(layout.slotsPerGpu(), model.experts() / layout.nodes()));
    }
    return Optional.empty();
  }

  /**
   * @return the logical expert in each slot, shape [slots]
   */
  int[] place(ModelSpec model, LayerProblem problem, SolverSettings settings) {
    LayerTokens tokens = problem.tokens();
    SlotLayout layout = problem.layout();
    return switch (this) {
      case LINEAR -> LinearPlacement.place(tokens.experts(), layout.slots());
      case EPLB -> EplbPlacement.global(load(tokens), layout);
      case EPLB_HIERARCHICAL ->
          EplbPlacement.hierarchical(load(tokens), groups(model, layout), layout);
      case COACTIVATION -> CoactivationGrouping.place(tokens, layout);
      case FLASHLB -> FlashLb.place(tokens, problem.microBatchTokens(), layout);
      case SEXTANT -> LayerSolver.solve(problem, settings);
    };
  }

  /**
   * The router's groups if they divide over the nodes, else a group of consecutive experts per
   * node; 0 if neither divides.
   */
  private static int groups(ModelSpec model, SlotLayout layout) {
    int groups = model.router().groups();
    if (groups % layout.nodes() == 0 && model.experts() % groups == 0) {
      return groups;
    }
    return model.experts() % layout.nodes() == 0 ? layout.nodes() : 0;
  }

  private static double[] load(LayerTokens tokens) {
    double[] load = new double[tokens.experts()];
    for (short e : tokens.ids()) {
      load[e]++;
    }
    return load;
  }
}
