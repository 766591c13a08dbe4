package io.sextant.placement.search;

import io.sextant.placement.problem.CopyLimits;

/**
 * The price of uneven nodes while experts are divided over nodes, in remote nodes per token: the
 * sum over nodes of a weight times the squared relative excess over the mean.
 *
 * <p>A surrogate: the objective of a plan counts the busiest GPU and the busiest node alone, and
 * linearly. GPUs are not known yet in this step. Squares of every node's excess, in place of the
 * largest, also tell two divisions apart whose largest node is the same. The division that is best
 * by the surrogate only replaces another plan after a comparison on the exact objective.
 *
 * @param load weight of the squared excess of computed tokens
 * @param receive weight of the squared excess of received tokens
 */
public record NodeObjective(double load, double receive) {

  /**
   * Uneven load is priced lightly if the joint annealing that follows can mend it. It hardly can if
   * copies must stay in one node or in order (measured for both: docs/evidence/serving.md).
   */
  private static final NodeObjective MENDED_LATER = new NodeObjective(0.5, 0.1);

  private static final NodeObjective ORDERED = new NodeObjective(2.5, 0.6);

  private static final NodeObjective ONE_NODE = new NodeObjective(10, 0.1);

  /** The prices for copies with these limits. */
  public static NodeObjective of(CopyLimits limits) {
    if (limits.oneNode()) {
      return ONE_NODE;
    }
    return limits.ordered() ? ORDERED : MENDED_LATER;
  }

  /**
   * @param excess computed tokens over the mean node's, minus 1
   */
  double loadPenalty(double excess) {
    return excess > 0 ? load * excess * excess : 0;
  }

  /**
   * @param excess received tokens over the mean node's, minus 1
   */
  double receivePenalty(double excess) {
    return excess > 0 ? receive * excess * excess : 0;
  }
}
