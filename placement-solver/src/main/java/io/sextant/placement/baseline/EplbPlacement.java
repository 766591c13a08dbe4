package io.sextant.placement.baseline;

import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Greedy replicate-and-pack in the manner of DeepSeek's Expert Parallelism Load Balancer, written
 * from its published description (github.com/deepseek-ai/EPLB): extra copies go one by one to the
 * expert with the most load per copy; copies are then packed, heaviest first, onto the GPU with the
 * least load that has a free slot. The hierarchical policy first packs router groups onto nodes.
 *
 * <p>As in the original, nothing keeps two copies of one expert off the same GPU. The second copy
 * brings nothing there; this baseline is scored as it is.
 */
public final class EplbPlacement {

  private EplbPlacement() {}

  /**
   * The global policy, which ignores nodes.
   *
   * @param load shape [experts]: tokens of each expert
   * @return shape [slots]: the logical expert in each slot
   */
  public static int[] global(double[] load, SlotLayout layout) {
    int[] copyOf = replicate(load, layout.slots());
    int[] gpuOf = pack(perCopy(load, copyOf), layout.gpus());
    return slots(copyOf, gpuOf, layout.gpus());
  }

  /**
   * The hierarchical policy: groups to nodes, copies within a node, copies to the node's GPUs.
   *
   * @param groups equal, consecutive groups of experts; a multiple of the number of nodes
   */
  public static int[] hierarchical(double[] load, int groups, SlotLayout layout) {
    if (load.length % groups != 0 || groups % layout.nodes() != 0) {
      throw new IllegalArgumentException(
          "%d experts do not divide into %d groups over %d nodes"
              .formatted(load.length, groups, layout.nodes()));
    }
    int groupSize = load.length / groups;
    double[] groupLoad = new double[groups];
    for (int e = 0; e < load.length; e++) {
      groupLoad[e / groupSize] += load[e];
    }
    int[] nodeOfGroup = pack(groupLoad, layout.nodes());
    int[] packed = packingOrder(groupLoad, layout.nodes());
    int[] slotToExpert = new int[layout.slots()];
    for (int node = 0; node < layout.nodes(); node++) {
      int[] local = new int[load.length / layout.nodes()];
      int n = 0;
      // In the order in which they were packed, as in the original: of experts with the same load
      // the first gets the copy.
      for (int group : packed) {
        if (nodeOfGroup[group] == node) {
          for (int i = 0; i < groupSize; i++) {
            local[n++] = group * groupSize + i;
          }
        }
      }
      double[] localLoad = new double[n];
      for (int i = 0; i < n; i++) {
        localLoad[i] = load[local[i]];
      }
      int[] placed =
          global(localLoad, new SlotLayout(1, layout.gpusPerNode(), layout.slotsPerGpu()));
      for (int p = 0; p < placed.length; p++) {
        slotToExpert[node * layout.slotsPerNode() + p] = local[placed[p]];
      }
    }
    return slotToExpert;
  }

  /**
   * Expert of each copy: every expert once, then extra copies where the load per copy is largest.
   */
  private static int[] replicate(double[] load, int slots) {
    if (slots < load.length) {
      throw new IllegalArgumentException(
          "%d slots cannot hold %d experts".formatted(slots, load.length));
    }
    int[] copyOf = new int[slots];
    int[] copies = new int[load.length];
    for (int e = 0; e < load.length; e++) {
      copyOf[e] = e;
      copies[e] = 1;
    }
    for (int p = load.length; p < slots; p++) {
      int heaviest = 0;
      for (int e = 1; e < load.length; e++) {
        if (load[e] / copies[e] > load[heaviest] / copies[heaviest]) {
          heaviest = e;
        }
      }
      copyOf[p] = heaviest;
      copies[heaviest]++;
    }
    return copyOf;
  }

  private static double[] perCopy(double[] load, int[] copyOf) {
    int[] copies = new int[load.length];
    for (int e : copyOf) {
      copies[e]++;
    }
    return Arrays.stream(copyOf).mapToDouble(e -> load[e] / copies[e]).toArray();
  }

  /** Bin of each item: heaviest item first, into the lightest bin that has a free place. */
  private static int[] pack(double[] weight, int bins) {
    int[] order = packingOrder(weight, bins);
    int capacity = weight.length / bins;
    double[] binLoad = new double[bins];
    int[] binItems = new int[bins];
    int[] binOf = new int[weight.length];
    for (int item : order) {
      int best = -1;
      for (int b = 0; b < bins; b++) {
        if (binItems[b] < capacity && (best < 0 || binLoad[b] < binLoad[best])) {
          best = b;
        }
      }
      binOf[item] = best;
      binLoad[best] += weight[item];
      binItems[best]++;
    }
    return binOf;
  }

  /**
   * Heaviest first, equal weights in the order of their ids; in the order of their ids if each has
   * a bin of its own.
   */
  private static int[] packingOrder(double[] weight, int bins) {
    if (weight.length == bins) {
      return IntStream.range(0, bins).toArray();
    }
    return IntStream.range(0, weight.length)
        .boxed()
        .sorted((a, b) -> Double.compare(weight[b], weight[a]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static int[] slots(int[] copyOf, int[] gpuOf, int gpus) {
    int perGpu = copyOf.length / gpus;
    int[] used = new int[gpus];
    int[] slotToExpert = new int[copyOf.length];
    for (int copy = 0; copy < copyOf.length; copy++) {
      int gpu = gpuOf[copy];
      slotToExpert[gpu * perGpu + used[gpu]++] = copyOf[copy];
    }
    return slotToExpert;
  }
}
