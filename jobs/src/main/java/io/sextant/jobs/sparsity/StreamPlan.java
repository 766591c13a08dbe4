package io.sextant.jobs.sparsity;

import io.sextant.schema.stats.Estimate;
import java.util.List;

/**
 * A policy's plan for a stream.
 *
 * @param model of the policy
 * @param windows from the first that is planned
 * @param rise of the loss that is to be expected, mean over the windows once pruning has set in
 * @param micros mean time of a window's products
 */
record StreamPlan(PolicyModel model, List<WindowPlan> windows, Estimate rise, double micros) {

  static StreamPlan of(PolicyModel model, List<WindowPlan> windows) {
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

  /** How often widths were chosen anew. */
  long replanned() {
    return windows.stream().filter(window -> window.action().equals("plan")).count();
  }

  /** Mean share of its kept neurons that a window replaces. */
  double replacedShare() {
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
