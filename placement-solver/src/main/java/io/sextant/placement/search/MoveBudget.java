package io.sextant.placement.search;

import io.sextant.placement.problem.SlotLayout;

/**
 * How many slots hold an expert that their GPU does not have in the map in force, and would have to
 * fetch, against a limit.
 */
final class MoveBudget {
  private final SlotLayout layout;
  private final int experts;
  private final boolean[] inForce;
  private final int mostMoved;
  private int moved;

  /**
   * @param current shape [slots]: the map in force
   * @param mostMoved slots that may hold an expert which their GPU has to fetch
   */
  MoveBudget(SlotLayout layout, int experts, int[] current, int mostMoved) {
    this.layout = layout;
    this.experts = experts;
    this.mostMoved = mostMoved;
    this.inForce = new boolean[layout.gpus() * experts];
    for (int p = 0; p < current.length; p++) {
      inForce[layout.gpuOfSlot(p) * experts + current[p]] = true;
    }
  }

  /** How many more experts are fetched (fewer if negative) if slot {@code p} changes its expert. */
  int more(int p, int from, int to) {
    return fetched(p, to) - fetched(p, from);
  }

  /** 1 if the slot's GPU would have to fetch the expert, else 0. */
  private int fetched(int slot, int expert) {
    return inForce[layout.gpuOfSlot(slot) * experts + expert] ? 0 : 1;
  }

  boolean allows(int more) {
    return moved + more <= mostMoved;
  }

  void spend(int more) {
    moved += more;
  }
}
