package io.sextant.numerics.damage;

import java.util.Arrays;
import java.util.Map;

/**
 * The measured loss of a stream whose model was pruned.
 *
 * @param plan number of the plan
 * @param densities share of the neurons that each hidden layer keeps
 * @param prunedFrom first pruned window
 * @param lossByWindow log loss of each window, scored before it was trained on
 */
public record PruningOutcome(
    int plan,
    Map<String, Double> densities,
    PruningPolicy policy,
    int prunedFrom,
    double[] lossByWindow) {
  /** Windows in which pruning sets in; they are not scored. */
  public static final int TRANSIENT = 2;

  /** First window that is scored. */
  int scoredFrom() {
    return prunedFrom + TRANSIENT;
  }

  /** Mean log loss once pruning has set in. */
  public double loss() {
    return mean(scoredFrom(), lossByWindow.length);
  }

  /** Mean log loss before anything was pruned: runs differ in it by chance alone. */
  double lossBefore() {
    return mean(0, prunedFrom);
  }

  /** Whether nothing was pruned. */
  public boolean full() {
    return densities.values().stream().allMatch(density -> density == 1);
  }

  private double mean(int from, int to) {
    return Arrays.stream(lossByWindow, from, to).average().orElseThrow();
  }
}
