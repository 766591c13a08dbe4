package io.sextant.placement.migration;

import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;

/**
 * Lets the GPUs of a new map play those of the current map that they have most experts in common
 * with, and leaves every expert that stays on its GPU in its slot. Which GPU of a node holds a set
 * of experts changes neither traffic nor balance, so the map is worth what it was and fewer experts
 * move.
 *
 * <p>Where an expert has several copies, a token picks one by a hash over their slot order: GPUs of
 * one node that change places can exchange a few of its tokens, which moves the measured GPU load a
 * little. The order of nodes stays, and with it all traffic.
 */
public final class Relabelling {
  private Relabelling() {}

  /**
   * The target with the GPUs renamed inside each node.
   *
   * @param current shape [slots]: the logical expert in each slot
   * @param target shape [slots]: what it shall be
   * @return shape [slots]: a map of the same worth as {@code target}, with the fewest moved slots
   */
  public static int[] withinNodes(SlotLayout layout, int[] current, int[] target) {
    int[] nodeFor = new int[layout.nodes()];
    Arrays.setAll(nodeFor, node -> node);
    return relabelled(layout, current, target, nodeFor);
  }

  /**
   * As {@link #withinNodes}, and the nodes renamed as well. Tokens start on nodes, so this changes
   * the traffic unless the requests of a node follow its experts.
   */
  public static int[] acrossNodes(SlotLayout layout, int[] current, int[] target) {
    GpuContents held = new GpuContents(layout, current);
    GpuContents wanted = new GpuContents(layout, target);
    long[][] cost = new long[layout.nodes()][layout.nodes()];
    for (int node = 0; node < layout.nodes(); node++) {
      for (int as = 0; as < layout.nodes(); as++) {
        long[][] gpus = gpuCost(layout, held, node, wanted, as);
        int[] assigned = HungarianAssignment.solve(gpus);
        for (int g = 0; g < assigned.length; g++) {
          cost[node][as] += gpus[g][assigned[g]];
        }
      }
    }
    return relabelled(layout, current, target, HungarianAssignment.solve(cost));
  }

  /** The node of the current map takes over what node {@code nodeFor[node]} has in the target. */
  private static int[] relabelled(SlotLayout layout, int[] current, int[] target, int[] nodeFor) {
    GpuContents held = new GpuContents(layout, current);
    GpuContents wanted = new GpuContents(layout, target);
    int[] slots = new int[layout.slots()];
    for (int node = 0; node < layout.nodes(); node++) {
      int[] as = HungarianAssignment.solve(gpuCost(layout, held, node, wanted, nodeFor[node]));
      for (int g = 0; g < as.length; g++) {
        int gpu = node * layout.gpusPerNode() + g;
        int targetGpu = nodeFor[node] * layout.gpusPerNode() + as[g];
        fill(layout.slotsPerGpu(), current, gpu, target, targetGpu, slots);
      }
    }
    return slots;
  }

  /** Experts to move; among equals a GPU stays what it is. */
  private static long[][] gpuCost(
      SlotLayout layout, GpuContents held, int node, GpuContents wanted, int targetNode) {
    int n = layout.gpusPerNode();
    long[][] cost = new long[n][n];
    // More than all experts of the node moved.
    long repeated = ((long) n * layout.slotsPerGpu() + 1) * (layout.gpus() + 1L);
    for (int g = 0; g < n; g++) {
      for (int as = 0; as < n; as++) {
        int moved = held.missing(node * n + g, wanted, targetNode * n + as);
        // All GPUs renamed weigh less than one expert moved. A map in force may have copies of an
        // expert on one GPU; they must not be given to another GPU.
        cost[g][as] =
            moved * (layout.gpus() + 1L)
                + (g == as ? 0 : 1)
                + (held.wouldRepeat(node * n + g, wanted, targetNode * n + as) ? repeated : 0);
      }
    }
    return cost;
  }

  /** Experts that stay keep their slots, the others take what is left in order. */
  private static void fill(
      int perGpu, int[] current, int gpu, int[] target, int targetGpu, int[] slots) {
    int first = gpu * perGpu;
    int targetFirst = targetGpu * perGpu;
    boolean[] taken = new boolean[perGpu];
    boolean[] placed = new boolean[perGpu];
    for (int i = 0; i < perGpu; i++) {
      int expert = target[targetFirst + i];
      for (int s = 0; s < perGpu && !placed[i]; s++) {
        if (!taken[s] && current[first + s] == expert) {
          slots[first + s] = expert;
          taken[s] = true;
          placed[i] = true;
        }
      }
    }
    for (int i = 0, s = 0; i < perGpu; i++) {
      if (!placed[i]) {
        while (taken[s]) {
          s++;
        }
        slots[first + s] = target[targetFirst + i];
        taken[s] = true;
      }
    }
  }
}
