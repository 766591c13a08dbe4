package io.sextant.jobs.ingest;

import java.io.Serializable;

/**
 * Requests of one file that arrived on days which cannot be right.
 *
 * @param path as the user would write it
 * @param requests how many requests, or steps of a format that only counts
 * @param firstDay the earliest of the days that the times say, ISO
 * @param lastDay the latest, ISO
 * @param problem what is wrong with the days, what probably caused it and what follows
 */
record ClockWarning(String path, long requests, String firstDay, String lastDay, String problem)
    implements Serializable {

  /** For a person, on one line. */
  String text() {
    String days = firstDay.equals(lastDay) ? firstDay : firstDay + " to " + lastDay;
    return "%s: %,d %s arrived on %s, %s"
        .formatted(path, requests, requests == 1 ? "request" : "requests", days, problem);
  }
}
