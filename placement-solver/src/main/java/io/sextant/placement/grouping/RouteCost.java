package io.sextant.placement.grouping;

import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.Transport;

/**
 * What a layer's placement costs a request on each node it could run on: the remote nodes its
 * tokens would be sent to, or the sends to other nodes if the transport has one for each choice.
 * Under a rule that prefers near copies a token uses the copy on its own node if there is one;
 * otherwise, and under any other rule, a hash decides. A rule with views uses one hash for all
 * experts of a token.
 */
public final class RouteCost {
  private final int nodes;
  private final int[] nodesOf;
  private final CopyRule rule;
  private final boolean sends;
  private final int[] choices = new int[Integer.SIZE];
  private final int[] choiceOf = new int[Integer.SIZE];

  /**
   * @param nodesOf shape [experts]: bit n is set if node n holds a copy
   */
  public RouteCost(int nodes, int[] nodesOf, CopyRule rule, Transport transport) {
    this.nodes = nodes;
    this.rule = rule;
    this.sends = transport == Transport.PER_EXPERT;
    this.nodesOf = nodesOf.clone();
  }

  /**
   * @return shape [experts]: bit n is set if node n holds a copy
   */
  public static int[] nodesOf(SlotLayout layout, int[] slotToExpert, int experts) {
    int[] masks = new int[experts];
    for (int p = 0; p < slotToExpert.length; p++) {
      masks[slotToExpert[p]] |= 1 << layout.nodeOfSlot(p);
    }
    return masks;
  }

  /**
   * Adds the cost of some rows, for each node they could start on.
   *
   * @param ids shape [rows x topK], token-major
   * @param fromRow first row
   * @param toRow row after the last
   * @param cost shape [nodes], from {@code at} on
   */
  public void add(short[] ids, int topK, int fromRow, int toRow, int[] cost, int at) {
    for (int row = fromRow; row < toRow; row++) {
      addRow(ids, topK, row, row - fromRow, cost, at);
    }
  }

  /**
   * Adds the cost of one row, for each node it could start on.
   *
   * @param row the row in {@code ids}
   * @param token index of the row within its request
   */
  void addRow(short[] ids, int topK, int row, int token, int[] cost, int at) {
    if (sends) {
      addSends(ids, topK, row, token, cost, at);
    } else {
      addRemoteNodes(ids, topK, row, token, cost, at);
    }
  }

  private void addSends(short[] ids, int topK, int row, int token, int[] cost, int at) {
    boolean near = rule.prefersNear();
    for (int i = row * topK, end = i + topK; i < end; i++) {
      int mask = nodesOf[ids[i]];
      boolean open = !near && (mask & (mask - 1)) != 0;
      int used = open ? pick(mask, seed(token, ids[i])) : mask;
      for (int s = 0; s < nodes; s++) {
        cost[at + s] += 1 - (used >>> s & 1);
      }
    }
  }

  private int seed(int token, int expert) {
    return token * 31 + (rule.hasViews() ? 0 : expert);
  }

  private void addRemoteNodes(short[] ids, int topK, int row, int token, int[] cost, int at) {
    int everywhere = nodes == Integer.SIZE ? -1 : (1 << nodes) - 1;
    boolean near = rule.prefersNear();
    int sure = 0;
    int open = 0;
    for (int i = row * topK, end = i + topK; i < end; i++) {
      int mask = nodesOf[ids[i]];
      if ((mask & (mask - 1)) == 0) {
        sure |= mask;
      } else if (mask != everywhere || !near) {
        choices[open] = near ? mask : 0;
        choiceOf[open++] = pick(mask, seed(token, ids[i]));
      }
    }
    for (int s = 0; s < nodes; s++) {
      int needed = sure;
      for (int j = 0; j < open; j++) {
        needed |= (choices[j] >>> s & 1) != 0 ? 0 : choiceOf[j];
      }
      cost[at + s] += Integer.bitCount(needed & ~(1 << s));
    }
  }

  /** One of the set's nodes, as a bit: any hash will do, an engine's own is not known here. */
  private static int pick(int mask, int seed) {
    int x = seed * 0x9E3779B9;
    x = (x ^ (x >>> 15)) * 0x85EBCA6B;
    int skip = ((x ^ (x >>> 13)) >>> 1) % Integer.bitCount(mask);
    int left = mask;
    while (skip-- > 0) {
      left &= left - 1;
    }
    return left & -left;
  }
}
