package io.sextant.numerics.damage;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The difference between equal runs, as a standard deviation of the mean loss.
 *
 * @param ofRepeats noise from plans with the same densities under the same policy; empty if no plan
 *     was run twice
 * @param beforePruning noise from the windows before pruning started, one value per plan
 */
public record RunNoise(OptionalDouble ofRepeats, double beforePruning) {

  /** The noise of outcomes of at least two plans. */
  static RunNoise of(List<PruningOutcome> outcomes) {
    Map<String, List<PruningOutcome>> same = new LinkedHashMap<>();
    Map<Integer, Double> before = new LinkedHashMap<>();
    for (PruningOutcome outcome : outcomes) {
      same.computeIfAbsent(outcome.policy() + " " + outcome.densities(), key -> new ArrayList<>())
          .add(outcome);
      before.putIfAbsent(outcome.plan(), outcome.lossBefore());
    }
    double squares = 0;
    int degrees = 0;
    for (List<PruningOutcome> repeats : same.values()) {
      double[] losses = repeats.stream().mapToDouble(PruningOutcome::loss).toArray();
      squares += Spread.squares(losses);
      degrees += losses.length - 1;
    }
    double[] byPlan = before.values().stream().mapToDouble(Double::doubleValue).toArray();
    return new RunNoise(
        degrees == 0 ? OptionalDouble.empty() : OptionalDouble.of(Math.sqrt(squares / degrees)),
        Spread.of(byPlan));
  }

  /**
   * The noise of repeated plans, which is that of the scored windows; if no plan was repeated, the
   * noise before pruning.
   */
  public double standardDeviation() {
    return ofRepeats.orElse(beforePruning);
  }
}
