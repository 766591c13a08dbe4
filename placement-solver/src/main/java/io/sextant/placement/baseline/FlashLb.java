package io.sextant.placement.baseline;

import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;

/**
 * Replicas and packing chosen together on the mean plus the risk of expert load, in the manner of
 * vLLM-Ascend's FlashLB, written from its published description (vllm-ascend pull requests 3042 and
 * 6477, vllm pull request 24069). The description's points: (1) the load of an expert is its mean
 * over windows of the history plus a multiple of its spread, with the covariance between experts
 * counted per GPU, so that experts that peak together are kept apart; (2) the number of copies of
 * an expert and their GPUs are searched together, not one after the other.
 *
 * <p>Here the search runs over the ways to split the extra copies between two rules (to the expert
 * with the most load per copy, then to the one whose load a copy falls most), packs each allotment
 * and keeps the one whose busiest GPU is lightest. Not done, because this plans from nothing: the
 * thresholds and the incremental exchange by which FlashLB limits what a running engine moves.
 */
public final class FlashLb {
  /** The upper quartile of a normal distribution: a load that three windows in four stay below. */
  private static final double DEVIATIONS = 0.6745;

  private static final int SPLITS = 8;

  private FlashLb() {}

  /**
   * @param tokens one layer, in arrival order
   * @param windowTokens tokens per window of the history
   * @return shape [slots]: the logical expert in each slot; no GPU holds two copies of one
   */
  public static int[] place(LayerTokens tokens, int windowTokens, SlotLayout layout) {
    return place(LoadStatistics.over(tokens, windowTokens), layout);
  }

  static int[] place(LoadStatistics load, SlotLayout layout) {
    int extra = layout.slots() - load.experts();
    if (extra < 0) {
      throw new IllegalArgumentException(
          "%d slots cannot hold %d experts".formatted(layout.slots(), load.experts()));
    }
    int[] best = null;
    double least = Double.POSITIVE_INFINITY;
    for (int split = 0; split <= Math.min(SPLITS, extra); split++) {
      int byLoad = extra == 0 ? 0 : extra - extra * split / Math.min(SPLITS, extra);
      int[] copies = allot(load, layout, byLoad);
      RiskPacker packer = new RiskPacker(load, copies, layout, DEVIATIONS);
      int[] slots = packer.pack();
      if (packer.busiest() < least) {
        least = packer.busiest();
        best = slots;
      }
    }
    return best;
  }

  /**
   * Copies of each expert: the first {@code byLoad} extra ones by load per copy, the rest by fall.
   */
  private static int[] allot(LoadStatistics load, SlotLayout layout, int byLoad) {
    int[] copies = new int[load.experts()];
    Arrays.fill(copies, 1);
    int extra = layout.slots() - load.experts();
    for (int i = 0; i < extra; i++) {
      int chosen = -1;
      double most = -1;
      for (int e = 0; e < copies.length; e++) {
        double share = load.risk(e, DEVIATIONS) / copies[e];
        double value = i < byLoad ? share : share / (copies[e] + 1);
        if (copies[e] < layout.gpus() && value > most) {
          most = value;
          chosen = e;
        }
      }
      if (chosen < 0) {
        throw new IllegalArgumentException(
            "%d slots a GPU need two copies of one of %d experts"
                .formatted(layout.slotsPerGpu(), copies.length));
      }
      copies[chosen]++;
    }
    return copies;
  }
}
