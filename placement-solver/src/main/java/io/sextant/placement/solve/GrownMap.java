package io.sextant.placement.solve;

import io.sextant.placement.problem.CopyLimits;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.view.CopyCounts;
import java.util.Arrays;

/**
 * Extends a map to more slots per GPU: every GPU keeps its experts, and each new slot gets a copy
 * of the expert that has most tokens per copy among those that the rule allows there.
 */
final class GrownMap {
  private static final int NONE = -1;

  private final SlotLayout layout;
  private final CopyLimits limits;
  private final boolean views;
  private final double[] load;
  private final int[] copies;
  private final int[] slots;

  private GrownMap(LayerProblem problem, CopyLimits limits, int[] fewer) {
    int experts = problem.tokens().experts();
    this.layout = problem.layout();
    this.limits = limits;
    this.views = problem.rule().hasViews();
    this.load = problem.load(experts);
    this.copies = CopyCounts.of(fewer, experts);
    this.slots = new int[layout.slots()];
    Arrays.fill(slots, NONE);
    int had = fewer.length / layout.gpus();
    for (int p = 0; p < fewer.length; p++) {
      slots[p / had * layout.slotsPerGpu() + p % had] = fewer[p];
    }
  }

  /**
   * @param limits the slots that copies may have
   * @param fewer shape [fewer slots]: the logical expert in each slot, on the same GPUs
   * @return shape [slots]; null if a new slot can hold no expert
   */
  static int[] of(LayerProblem problem, CopyLimits limits, int[] fewer) {
    GrownMap grown = new GrownMap(problem, limits, fewer);
    return grown.fill(fewer.length / grown.layout.gpus()) ? grown.slots : null;
  }

  /** Fills slot by slot, and node after node, so that no node gets all heavy experts. */
  private boolean fill(int had) {
    for (int slot = had; slot < layout.slotsPerGpu(); slot++) {
      for (int local = 0; local < layout.gpusPerNode(); local++) {
        for (int node = 0; node < layout.nodes(); node++) {
          int gpu = node * layout.gpusPerNode() + local;
          int expert = heaviest(gpu, node);
          if (expert == NONE) {
            return false;
          }
          slots[gpu * layout.slotsPerGpu() + slot] = expert;
          copies[expert]++;
        }
      }
    }
    return true;
  }

  private int heaviest(int gpu, int node) {
    int fewest = Arrays.stream(copies).min().orElse(0);
    int best = NONE;
    for (int e = 0; e < copies.length; e++) {
      boolean allowed =
          !layout.holds(slots, gpu, e)
              && (!views || copies[e] == fewest)
              && (layout.nodes() == 1 || inNode(node, e) == limits.oneNode());
      if (allowed && (best == NONE || load[e] / copies[e] > load[best] / copies[best])) {
        best = e;
      }
    }
    return best;
  }

  private boolean inNode(int node, int expert) {
    int from = node * layout.slotsPerNode();
    for (int p = from; p < from + layout.slotsPerNode(); p++) {
      if (slots[p] == expert) {
        return true;
      }
    }
    return false;
  }
}
