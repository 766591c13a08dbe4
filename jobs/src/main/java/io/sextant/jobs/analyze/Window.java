package io.sextant.jobs.analyze;

import java.io.Serializable;
import java.util.List;

/**
 * The model and days that an analysis covers.
 *
 * @param model name of the model
 * @param days the days that have traces, yyyy-MM-dd, ascending, at least one
 * @param runId id of the run
 */
record Window(String model, List<String> days, String runId) implements Serializable {

  String from() {
    return days.get(0);
  }

  String to() {
    return days.get(days.size() - 1);
  }
}
