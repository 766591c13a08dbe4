package io.sextant.placement.problem;

import java.util.Arrays;

/**
 * The slots that the copies of an expert may have, by the rule with which the engine chooses among
 * copies.
 *
 * @param experts how many experts have limits; those beyond are stand-ins for copies not chosen yet
 * @param fewestInNode the experts that a node has at least, so that its GPUs can be filled with
 *     their copies alone; 0 if copies of an expert may be in several nodes
 * @param oncePerNode whether a node has at most one copy of an expert
 * @param before shape [experts]: the expert whose slot must come first, on another GPU; -1 for none
 * @param after shape [experts]: the expert whose slot must come later, on another GPU; -1 for none
 * @param survival the hardware of which any unit may fail without the loss of an expert
 */
public record CopyLimits(
    int experts,
    int fewestInNode,
    boolean oncePerNode,
    int[] before,
    int[] after,
    Survival survival) {
  private static final int NONE = -1;

  /** No hardware has to be survived. */
  public CopyLimits(int experts, int fewestInNode, boolean oncePerNode, int[] before, int[] after) {
    this(experts, fewestInNode, oncePerNode, before, after, Survival.NONE);
  }

  /** Copies may be anywhere. */
  public static CopyLimits anywhere(int experts) {
    return new CopyLimits(experts, 0, false, none(experts), none(experts));
  }

  /** Each copy of an expert is in a node of its own, if there are nodes enough. */
  public static CopyLimits ownNodes(int experts, SlotLayout layout) {
    boolean enough = layout.slotsPerNode() <= experts;
    return new CopyLimits(experts, 0, enough, none(experts), none(experts));
  }

  /**
   * All copies of an expert are in one node, if there are enough experts to fill the GPUs of every
   * node without two copies on a GPU.
   */
  public static CopyLimits oneNode(int experts, SlotLayout layout) {
    boolean enough = layout.nodes() * layout.slotsPerGpu() <= experts;
    return new CopyLimits(
        experts, enough ? layout.slotsPerGpu() : 0, false, none(experts), none(experts));
  }

  private static int[] none(int experts) {
    int[] none = new int[experts];
    Arrays.fill(none, NONE);
    return none;
  }

  /** The same limits for a layer that has more experts, which have none. */
  public CopyLimits withExperts(int more) {
    int[] first = none(more);
    int[] last = none(more);
    System.arraycopy(before, 0, first, 0, before.length);
    System.arraycopy(after, 0, last, 0, after.length);
    return new CopyLimits(experts, fewestInNode, oncePerNode, first, last, survival);
  }

  /** The same limits, and no unit of hardware may hold all copies of an expert. */
  public CopyLimits surviving(Survival other) {
    return new CopyLimits(experts, fewestInNode, oncePerNode, before, after, other);
  }

  /** Whether the two are copies of one expert, one right after the other. */
  public boolean related(int a, int b) {
    return before[a] == b || after[a] == b;
  }

  /**
   * Whether an expert may move to a place. Places are numbered in slot order: nodes or GPUs.
   *
   * @param placeOf shape [experts]: where each of the others is
   */
  public boolean allows(int expert, int place, int[] placeOf) {
    return (before[expert] == NONE || placeOf[before[expert]] < place)
        && (after[expert] == NONE || place < placeOf[after[expert]]);
  }

  /** Whether all copies of an expert are in one node. */
  public boolean oneNode() {
    return fewestInNode > 0;
  }

  /** Whether the copies of some expert are ordered. */
  public boolean ordered() {
    return Arrays.stream(before).anyMatch(e -> e != NONE);
  }
}
