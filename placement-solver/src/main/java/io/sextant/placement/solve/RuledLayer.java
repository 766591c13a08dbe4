package io.sextant.placement.solve;

import io.sextant.placement.objective.FlowObjective;
import io.sextant.placement.problem.BalanceUnit;
import io.sextant.placement.problem.CopyLimits;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.LayerContext;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.view.ViewedLayer;
import io.sextant.schema.spec.CopyRule;
import java.util.Arrays;
import java.util.Optional;

/**
 * A layer as the search sees it under the engine's choice of copies: with limits on where copies
 * may be, and under a rule with views with every copy as an expert of its own.
 *
 * @param context the layer that is searched
 * @param viewed the copies, if each is an expert of its own
 */
record RuledLayer(LayerContext context, Optional<ViewedLayer> viewed) {
  /** With more copies, a division over nodes in the order of copies is not tried. */
  private static final int MOST_DIVIDED = 4;

  /**
   * The layer for maps in which each expert has as many copies as in one.
   *
   * @param copies shape [experts]: how many copies each expert has, which only rules with views
   *     fix; a search may change them under others
   */
  static RuledLayer of(LayerProblem problem, SolverSettings settings, int[] copies) {
    if (hasViews(problem, copies)) {
      return viewed(problem, settings, copies);
    }
    // A map for a linear program has copies of some experts in several nodes.
    return problem.rule() == CopyRule.LP
        ? plain(problem, settings, CopyLimits.anywhere(copies.length))
        : plain(problem, settings);
  }

  /**
   * The layer for a search that begins without a map: under a rule with views, copies are experts
   * of their own only if each can be in a node of its own.
   *
   * @param copies as in {@link #of}
   */
  static RuledLayer divided(LayerProblem problem, SolverSettings settings, int[] copies) {
    return hasViews(problem, copies) && fitNodes(problem, copies)
        ? viewed(problem, settings, copies)
        : plain(problem, settings);
  }

  private static RuledLayer viewed(LayerProblem problem, SolverSettings settings, int[] copies) {
    ViewedLayer viewed = ViewedLayer.of(problem, copies);
    return new RuledLayer(
        LayerContext.of(viewed.problem(), settings, viewed.limits()), Optional.of(viewed));
  }

  /** The layer under a rule without views. */
  static RuledLayer plain(LayerProblem problem, SolverSettings settings) {
    return plain(problem, settings, limits(problem));
  }

  private static RuledLayer plain(
      LayerProblem problem, SolverSettings settings, CopyLimits limits) {
    return new RuledLayer(LayerContext.of(problem, settings, limits), Optional.empty());
  }

  /**
   * Whether each copy can be an expert of its own. In a single node, copies share tokens evenly
   * enough.
   */
  static boolean hasViews(LayerProblem problem, int[] copies) {
    return problem.rule().hasViews() && problem.layout().nodes() > 1 && most(copies) > 1;
  }

  private static boolean fitNodes(LayerProblem problem, int[] copies) {
    return most(copies) <= Math.min(MOST_DIVIDED, problem.layout().nodes());
  }

  private static int most(int[] copies) {
    return Arrays.stream(copies).max().orElse(1);
  }

  static CopyLimits limits(LayerProblem problem) {
    int experts = problem.tokens().experts();
    SlotLayout layout = problem.layout();
    if (layout.slots() == experts) {
      return CopyLimits.anywhere(experts);
    }
    return switch (problem.rule()) {
      case NEAREST -> CopyLimits.ownNodes(experts, layout);
      case RANDOM, ROUND_ROBIN, LP -> CopyLimits.oneNode(experts, layout);
      // A rule with views that has too many copies for them is searched as the ideal one.
      case IDEAL, TOKEN_HASH, RANK -> CopyLimits.anywhere(experts);
    };
  }

  /**
   * @param slotToExpert shape [slots]: the logical expert in each slot
   * @return shape [slots]: the expert of the search in each slot
   */
  int[] searched(int[] slotToExpert) {
    return viewed.map(layer -> layer.copies(slotToExpert)).orElse(slotToExpert);
  }

  /**
   * @param slots shape [slots]: the expert of the search in each slot
   * @return shape [slots]: the logical expert in each slot
   */
  int[] experts(int[] slots) {
    return viewed.map(layer -> layer.experts(slots)).orElse(slots);
  }

  /**
   * The exact objective of a map. Under a linear program it is that of the program's split, which
   * the search of all slots replaces by even shares.
   */
  double objective(int[] slotToExpert) {
    return splitsByProgram()
        ? new FlowObjective(context.problem(), context.loads(), context.weights()).of(slotToExpert)
        : context.state(searched(slotToExpert)).objective();
  }

  /** Whether a linear program splits the tokens of copies, and tokens are what is balanced. */
  boolean splitsByProgram() {
    return context.problem().rule() == CopyRule.LP && context.loads().unit() == BalanceUnit.TOKENS;
  }
}
