package io.sextant.numerics.stream;

import io.sextant.numerics.damage.PolicyModel;
import io.sextant.numerics.damage.PruningOutcome;
import io.sextant.schema.stats.Estimate;
import java.util.List;

/**
 * A policy's plan for a stream.
 *
 * @param model model of the policy
 * @param windows plans of the windows, from the first planned one on
 * @param rise expected rise of the loss, averaged over the scored windows
 * @param micros mean time of a window's products
 */
public record StreamPlan(
    PolicyModel model, List<WindowPlan> windows, Estimate rise, double micros) {

  /**
   * Combines the plans of the windows.
   *
   * @param windows plans of the windows, from the first planned one on
   */
  public static StreamPlan of(PolicyModel model, List<WindowPlan> windows) {
    double damage =
        windows.stream()
            .skip(PruningOutcome.TRANSIENT)
            .mapToDouble(WindowPlan::damage)
            .average()
            .orElseThrow();
    double micros =
        windows.stream().mapToDouble(w -> w.plan().time().median()).average().orElseThrow();
    return new StreamPlan(model, windows, model.predict(damage), micros);
  }

  /** Number of windows in which new widths were chosen. */
  public long replanned() {
    return windows.stream().filter(window -> window.action().equals("plan")).count();
  }

  /** Share of the kept neurons that is replaced per window, averaged over windows. */
  public double replacedShare() {
    double sum = 0;
    int count = 0;
    for (int i = 1; i < windows.size(); i++) {
      WindowPlan window = windows.get(i);
      if (!window.action().equals("full")) {
        double kept = window.plan().kept().stream().mapToInt(Integer::intValue).sum();
        sum += window.replaced().stream().mapToInt(Integer::intValue).sum() / kept;
        count++;
      }
    }
    return count == 0 ? 0 : sum / count;
  }
}
