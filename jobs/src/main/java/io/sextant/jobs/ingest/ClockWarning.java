package io.sextant.jobs.ingest;

import java.io.Serializable;

/**
 * Requests of one file that are filed under days which cannot be right.
 *
 * @param path as the user would write it
 * @param requests how many requests, or steps of a format that only counts
 * @param firstDay the earliest of the days, ISO
 * @param lastDay the latest, ISO
 * @param problem what is wrong with the days and what probably caused it
 */
record ClockWarning(String path, long requests, String firstDay, String lastDay, String problem)
    implements Serializable {

  /** For a person, on one line. */
  String text() {
    String days = firstDay.equals(lastDay) ? firstDay : firstDay + " to " + lastDay;
    return "%s: %,d %s filed under %s, %s"
        .formatted(path, requests, requests == 1 ? "request is" : "requests are", days, problem);
  }
}
