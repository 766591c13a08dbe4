package io.sextant.numerics.damage;

import java.util.Arrays;
import java.util.Map;

/**
 * The measured loss of a stream whose model was pruned.
 *
 * @param plan number of the plan
 * @param densities share of neurons kept, per hidden layer
 * @param prunedFrom first pruned window
 * @param lossByWindow log loss per window, measured before training on the window
 */
public record PruningOutcome(
    int plan,
    Map<String, Double> densities,
    PruningPolicy policy,
    int prunedFrom,
    double[] lossByWindow) {
  /** Number of windows at the start of pruning that are not scored. */
  public static final int TRANSIENT = 2;

  /** The first scored window. */
  int scoredFrom() {
    return prunedFrom + TRANSIENT;
  }

  /** Mean log loss over the scored windows. */
  public double loss() {
    return mean(scoredFrom(), lossByWindow.length);
  }

  /** Mean log loss before pruning started; runs differ in it only by chance. */
  double lossBefore() {
    return mean(0, prunedFrom);
  }

  /** Whether the outcome is of the full model. */
  public boolean full() {
    return densities.values().stream().allMatch(density -> density == 1);
  }

  private double mean(int from, int to) {
    return Arrays.stream(lossByWindow, from, to).average().orElseThrow();
  }
}
