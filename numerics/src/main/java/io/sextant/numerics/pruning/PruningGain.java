package io.sextant.numerics.pruning;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The gain of pruning at the measured shapes.
 *
 * @param full time of the full model's products
 * @param fastest time of the fastest candidate, regardless of its damage
 * @param budgetMicros maximum time that the user allows
 * @param leastSpeedup speedup below which pruning does not pay
 */
public record PruningGain(
    ShapeTimes.Time full, ShapeTimes.Time fastest, double budgetMicros, double leastSpeedup) {

  /**
   * The gain over the full model.
   *
   * @param budget maximum time of the products, as a share of the full model's
   * @param leastSpeedup speedup below which pruning does not pay
   */
  public static PruningGain of(DensityPlanner planner, double budget, double leastSpeedup) {
    List<Integer> full = new ArrayList<>();
    double[][] noDamage = new double[planner.layers().size()][];
    for (int layer = 0; layer < noDamage.length; layer++) {
      full.add(planner.neurons(layer));
      noDamage[layer] = new double[planner.widths(layer).length];
    }
    ShapeTimes.Time ofFull = planner.time(full);
    return new PruningGain(
        ofFull, planner.front(noDamage).get(0).time(), budget * ofFull.median(), leastSpeedup);
  }

  /** Speedup of the fastest candidate. */
  double mostSpeedup() {
    return full.median() / fastest.median();
  }

  /**
   * Whether the fastest candidate has the required speedup and is faster by more than the timing
   * noise.
   */
  public boolean pays() {
    return mostSpeedup() >= leastSpeedup && fastest.high() < full.low();
  }

  /** Whether any candidate is within the budget. */
  boolean affordable() {
    return fastest.median() <= budgetMicros;
  }

  /** The gain in a sentence. */
  public String note() {
    if (!pays()) {
      return String.format(
          Locale.ROOT,
          "no gain from pruning at these shapes: the narrowest layers take %.2f us of %.2f us"
              + " (%.2fx, %.2fx asked)",
          fastest.median(),
          full.median(),
          mostSpeedup(),
          leastSpeedup);
    }
    if (!affordable()) {
      return String.format(
          Locale.ROOT,
          "the budget of %.2f us cannot be met: the fastest plan takes %.2f us and is taken",
          budgetMicros,
          fastest.median());
    }
    return String.format(
        Locale.ROOT,
        "pruning pays: down to %.2f us of %.2f us (%.2fx); budget %.2f us",
        fastest.median(),
        full.median(),
        mostSpeedup(),
        budgetMicros);
  }
}
