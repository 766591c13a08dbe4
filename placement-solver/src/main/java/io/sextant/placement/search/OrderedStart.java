package io.sextant.placement.search;

import io.sextant.placement.problem.CopyLimits;
import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * A first division of single copies over nodes that keeps their order: copy c of n is in part c of
 * n equal parts of the nodes, so that the tokens of one class find the copies of their experts
 * close together. Within its part a copy goes to the node with the least load. If the parts leave a
 * copy without a slot (an odd number of nodes that are all full), each expert's copies go to the
 * nodes with the most free slots instead, which always fits (Gale 1957).
 */
public final class OrderedStart {
  private final CopyLimits limits;
  private final double[] load;
  private final int nodes;
  private final int slotsPerNode;
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
    this.slotsPerNode = layout.slotsPerNode();
    this.free = new int[nodes];
    this.nodeLoad = new double[nodes];
    this.home = new int[load.length];
  }

  /**
   * @return shape [copies]: the node of each
   * @throws IllegalArgumentException if an expert has more copies than there are nodes, or all have
   *     more than there are slots
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
    if (!inParts(chains)) {
      onFreest(chains);
    }
    return home;
  }

  private boolean inParts(int[] chains) {
    clear();
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
          return false;
        }
        put(copy, node);
        least = node + 1;
      }
    }
    return true;
  }

  private void onFreest(int[] chains) {
    clear();
    for (int first : chains) {
      int length = length(first);
      int[] freest =
          IntStream.range(0, nodes)
              .filter(node -> free[node] > 0)
              .boxed()
              .sorted(
                  Comparator.<Integer>comparingInt(node -> -free[node])
                      .thenComparingDouble(node -> nodeLoad[node]))
              .limit(length)
              .mapToInt(Integer::intValue)
              .sorted()
              .toArray();
      if (freest.length < length) {
        throw new IllegalArgumentException(
            "%d copies of %d experts do not fit %d nodes of %d slots in order"
                .formatted(load.length, chains.length, nodes, slotsPerNode));
      }
      for (int copy = first, i = 0; copy >= 0; copy = limits.after()[copy]) {
        put(copy, freest[i++]);
      }
    }
  }

  private void clear() {
    Arrays.fill(free, slotsPerNode);
    Arrays.fill(nodeLoad, 0);
  }

  private void put(int copy, int node) {
    home[copy] = node;
    free[node]--;
    nodeLoad[node] += load[copy];
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
