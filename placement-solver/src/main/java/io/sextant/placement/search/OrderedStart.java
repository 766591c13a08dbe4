package io.sextant.placement.search;

import io.sextant.placement.problem.CopyLimits;
import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * A first division of single copies over nodes that keeps their order: copy c of n is in part c of
 * n equal parts of the nodes, so that the tokens of one class find the copies of their experts
 * close together. Within its part a copy goes to the node with the least load.
 */
public final class OrderedStart {
  private final CopyLimits limits;
  private final double[] load;
  private final int nodes;
  private final int[] free;
  private final double[] nodeLoad;
  private final int[] home;

  /**
   * @param load shape [copies]: tokens of each copy
   */
  public OrderedStart(CopyLimits limits, double[] load, SlotLayout layout) {
    this.limits = limits;
    this.load = load;
    this.nodes = layout.nodes();
    this.free = new int[nodes];
    Arrays.fill(free, layout.slotsPerNode());
    this.nodeLoad = new double[nodes];
    this.home = new int[load.length];
  }

  /**
   * @return shape [copies]: the node of each
   * @throws IllegalArgumentException if the greedy order finds no node for a copy
   */
  public int[] homes() {
    int[] chains =
        IntStream.range(0, load.length)
            .filter(copy -> limits.before()[copy] < 0)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingInt(copy -> -length(copy))
                    .thenComparingDouble(copy -> -load[copy]))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int first : chains) {
      int length = length(first);
      int least = 0;
      int number = 0;
      for (int copy = first; copy >= 0; copy = limits.after()[copy], number++) {
        int from = Math.max(least, number * nodes / length);
        int node = lightest(from, Math.max(from + 1, (number + 1) * nodes / length));
        if (node < 0) {
          node = lightest(least, nodes - (length - 1 - number));
        }
        if (node < 0) {
          throw new IllegalArgumentException("No node is left for a copy in slot order");
        }
        home[copy] = node;
        free[node]--;
        nodeLoad[node] += load[copy];
        least = node + 1;
      }
    }
    return home;
  }

  private int length(int first) {
    int length = 0;
    for (int copy = first; copy >= 0; copy = limits.after()[copy]) {
      length++;
    }
    return length;
  }

  private int lightest(int from, int to) {
    int best = -1;
    for (int n = from; n < Math.min(to, nodes); n++) {
      if (free[n] > 0 && (best < 0 || nodeLoad[n] < nodeLoad[best])) {
        best = n;
      }
    }
    return best;
  }
}
