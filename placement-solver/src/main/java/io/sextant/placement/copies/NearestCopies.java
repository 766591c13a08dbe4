package io.sextant.placement.copies;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * SGLang's static dispatch ({@code compute_logical_to_rank_dispatch_physical_map} of {@code
 * python/sglang/srt/eplb/expert_location.py}): one copy of each expert for each source GPU. It is
 * the copy on that GPU, else the first one in its node, else one that is dealt to the GPUs without
 * either, to each copy as often as to any other but for a remainder that is drawn.
 *
 * <p>The draws come from one generator for all layers and experts in order, so the choice for a
 * layer depends on the layers before it.
 */
public final class NearestCopies {
  private static final int SEED = 42;

  private final int nodes;
  private final int gpusPerNode;
  private final PythonRandom random = new PythonRandom(SEED);

  private NearestCopies(int nodes, int gpusPerNode) {
    this.nodes = nodes;
    this.gpusPerNode = gpusPerNode;
  }

  /**
   * The choices of a whole map.
   *
   * @param rows shape [rows][slots]: the logical expert in each slot, for every row of the map that
   *     the engine loads, in its order
   * @return one set of views for each row, with a class for each source GPU
   */
  public static List<CopyViews> of(int[][] rows, int experts, int nodes, int gpusPerNode) {
    NearestCopies choice = new NearestCopies(nodes, gpusPerNode);
    List<CopyViews> views = new ArrayList<>();
    for (int[] row : rows) {
      views.add(choice.row(CopyTable.of(row, experts), row.length));
    }
    return views;
  }

  private CopyViews row(CopyTable copies, int slots) {
    int gpus = nodes * gpusPerNode;
    int experts = copies.experts();
    int slotsPerGpu = slots / gpus;
    int[] slot = new int[gpus * experts];
    int[] without = new int[gpus];
    for (int e = 0; e < experts; e++) {
      int[] candidates = copies.slotsOf(e);
      int rest = 0;
      for (int g = 0; g < gpus; g++) {
        int near = nearest(candidates, slotsPerGpu, g);
        slot[g * experts + e] = near;
        if (near < 0) {
          without[rest++] = g;
        }
      }
      int[] dealt = fairChoices(candidates, rest);
      for (int i = 0; i < rest; i++) {
        slot[without[i] * experts + e] = dealt[i];
      }
    }
    return new CopyViews(experts, gpus, slot);
  }

  /** The copy that a GPU uses without a draw; -1 if there is none. */
  private int nearest(int[] candidates, int slotsPerGpu, int gpu) {
    if (candidates.length == 1) {
      return candidates[0];
    }
    for (int slot : candidates) {
      if (slot / slotsPerGpu == gpu) {
        return slot;
      }
    }
    for (int slot : candidates) {
      if (slot / slotsPerGpu / gpusPerNode == gpu / gpusPerNode) {
        return slot;
      }
    }
    return -1;
  }

  private int[] fairChoices(int[] candidates, int k) {
    int[] choices = Arrays.copyOf(candidates, k);
    int whole = k / candidates.length * candidates.length;
    for (int i = candidates.length; i < whole; i++) {
      choices[i] = candidates[i % candidates.length];
    }
    int[] remainder = random.sample(candidates, k - whole);
    System.arraycopy(remainder, 0, choices, whole, remainder.length);
    random.shuffle(choices);
    return choices;
  }
}
