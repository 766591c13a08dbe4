package io.sextant.placement.objective;

import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.CopyRule;
import java.io.Serializable;

/**
 * The objective of a plan: remote nodes per token, plus the price of imbalance in the same unit.
 *
 * @param gpuLoad remote nodes per token that 1.0 of max/mean GPU load is worth
 * @param nodeReceive remote nodes per token that 1.0 of max/mean node receive is worth
 */
public record ObjectiveWeights(double gpuLoad, double nodeReceive) implements Serializable {

  /** With fewer nodes there is less traffic to save, so balance counts for more. */
  private static final double FEW_NODES = 4.8;

  /** One per cent of either imbalance against 0.01 remote nodes per token. */
  public static final ObjectiveWeights DEFAULT = new ObjectiveWeights(1, 1);

  /**
   * As the default, with GPU load by the shape of the cluster, as measured
   * (docs/evidence/solver.md). With redundant copies: the price that gives the least predicted
   * layer time. Without: the more GPUs wait for the busiest and the fewer slots each has to even
   * out, the more balance is worth.
   */
  public static ObjectiveWeights forLayout(SlotLayout layout, int experts) {
    return new ObjectiveWeights(
        layout.slots() > experts ? 0.5 : layout.gpus() / (24.0 * layout.slotsPerGpu()), 1);
  }

  /**
   * By the rule with which the engine chooses among copies, as measured (docs/evidence/serving.md).
   * Copies near the source save traffic, so balance is cheap beside it; copies that every source
   * uses alike only serve balance.
   */
  public static ObjectiveWeights forRule(CopyRule rule, SlotLayout layout, int experts) {
    if (layout.slots() <= experts) {
      return forLayout(layout, experts);
    }
    return switch (rule) {
      case IDEAL -> forLayout(layout, experts);
      case NEAREST -> new ObjectiveWeights(0.45, 0.25);
      case TOKEN_HASH -> new ObjectiveWeights(Math.max(0.8, FEW_NODES / layout.nodes()), 1);
      case RANK -> new ObjectiveWeights(Math.max(1.1, FEW_NODES / layout.nodes()), 1);
      case RANDOM, ROUND_ROBIN -> new ObjectiveWeights(2, 1);
      case LP -> new ObjectiveWeights(1.2, 1);
    };
  }

  /**
   * For a placement of groups of requests: as {@link #forRule}, and no less than two thirds without
   * copies, because load then moves with the kinds of requests (docs/evidence/grouping.md).
   */
  public static ObjectiveWeights forGroups(CopyRule rule, SlotLayout layout, int experts) {
    ObjectiveWeights alone = forRule(rule, layout, experts);
    return layout.slots() > experts
        ? alone
        : new ObjectiveWeights(Math.max(2.0 / 3, alone.gpuLoad()), alone.nodeReceive());
  }

  public double objective(double remoteNodes, double gpuImbalance, double receiveImbalance) {
    return remoteNodes + gpuLoad * (gpuImbalance - 1) + nodeReceive * (receiveImbalance - 1);
  }
}
