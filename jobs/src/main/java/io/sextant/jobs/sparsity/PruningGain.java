package io.sextant.jobs.sparsity;

import io.sextant.gpu.sparsity.ShapeTimes;
import java.util.Locale;

/**
 * What pruning can gain at the measured shapes.
 *
 * @param full time of the products of the full model
 * @param fastest of the fastest candidate, whatever it loses
 * @param budgetMicros what the user allows
 * @param leastSpeedup below which it is not worth its trouble
 */
record PruningGain(
    ShapeTimes.Time full, ShapeTimes.Time fastest, double budgetMicros, double leastSpeedup) {

  /** How many times as fast the fastest candidate is. */
  double mostSpeedup() {
    return full.median() / fastest.median();
  }

  /** Whether the fastest candidate is faster by more than asked and beyond the noise of timing. */
  boolean pays() {
    return mostSpeedup() >= leastSpeedup && fastest.high() < full.low();
  }

  /** Whether any candidate keeps to the budget. */
  boolean affordable() {
    return fastest.median() <= budgetMicros;
  }

  /** In a sentence. */
  String note() {
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
