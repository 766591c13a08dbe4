package io.sextant.placement.objective;

import io.sextant.placement.copies.BalancedShares;
import io.sextant.placement.copies.CopyTable;
import io.sextant.placement.problem.SlotLayout;

/**
 * The load of GPUs under an engine that solves a linear program for each batch: it splits the
 * tokens of every expert over its copies so that the busiest GPU has the fewest ({@link
 * BalancedShares}).
 */
public final class FlowLoads {
  /** Micro-batches that are looked at, evenly spaced. Chosen without a measurement. */
  public static final int MOST_BATCHES = 64;

  private FlowLoads() {}

  /**
   * @param slotToExpert shape [slots]: the logical expert in each slot; no GPU holds two copies
   * @return mean over micro-batches of max/mean GPU load
   */
  public static double imbalance(MicroBatchLoads all, SlotLayout layout, int[] slotToExpert) {
    BalancedShares shares =
        BalancedShares.toCompare(CopyTable.of(slotToExpert, all.experts()), layout.slotsPerGpu());
    float[] slowness = layout.topology().slowness(layout.gpus());
    MicroBatchLoads loads = all.spaced(MOST_BATCHES);
    float[] scale = loads.scale(layout.gpus());
    int[] tokens = new int[loads.experts()];
    double sum = 0;
    for (int b = 0; b < loads.batches(); b++) {
      for (int e = 0; e < tokens.length; e++) {
        tokens[e] = loads.tokens(b, e);
      }
      shares.balance(tokens);
      double max = 0;
      for (int g = 0; g < layout.gpus(); g++) {
        max = Math.max(max, shares.rowsOfGpu(g) * slowness[g]);
      }
      sum += max * scale[b];
    }
    return sum / loads.batches();
  }
}
