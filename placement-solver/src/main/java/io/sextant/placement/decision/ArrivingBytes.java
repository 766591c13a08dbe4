package io.sextant.placement.decision;

import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;

/**
 * Expert weights that arrive on GPUs which did not hold the expert, when one map follows another.
 *
 * @param all over all nodes
 * @param busiestNode of the node that receives most
 */
public record ArrivingBytes(long all, long busiestNode) {

  /**
   * Between two maps of one cluster, which may differ in slots. Bytes from a GPU of the same node
   * count as well: the link between nodes is never faster than that path.
   *
   * @param nodes machines of the cluster
   * @param gpusPerNode GPUs per machine
   * @param current shape [layers][slots]: the logical expert in each slot of the map in force
   * @param candidate shape [layers][slots]
   * @param expertBytes weights of one expert
   */
  public static ArrivingBytes between(
      int nodes, int gpusPerNode, int[][] current, int[][] candidate, long expertBytes) {
    long[] arriving = new long[nodes];
    for (int l = 0; l < candidate.length; l++) {
      SlotLayout before = SlotLayout.of(nodes, gpusPerNode, current[l].length);
      SlotLayout after = SlotLayout.of(nodes, gpusPerNode, candidate[l].length);
      int experts = 1 + Math.max(max(current[l]), max(candidate[l]));
      boolean[][] held = new boolean[before.gpus()][experts];
      for (int p = 0; p < current[l].length; p++) {
        held[before.gpuOfSlot(p)][current[l][p]] = true;
      }
      for (int p = 0; p < candidate[l].length; p++) {
        if (!held[after.gpuOfSlot(p)][candidate[l][p]]) {
          arriving[after.nodeOfSlot(p)] += expertBytes;
        }
      }
    }
    return new ArrivingBytes(
        Arrays.stream(arriving).sum(), Arrays.stream(arriving).max().orElse(0));
  }

  private static int max(int[] values) {
    return Arrays.stream(values).max().orElse(0);
  }
}
