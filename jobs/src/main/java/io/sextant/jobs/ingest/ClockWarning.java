package io.sextant.jobs.ingest;

import java.io.Serializable;

/**
 * A warning about requests of one file whose arrival days cannot be right.
 *
 * @param path the file's path as the user would write it
 * @param requests number of requests, or of steps if the format only has counts
 * @param firstDay the earliest of these days, ISO 8601
 * @param lastDay the latest of these days, ISO 8601
 * @param problem the problem with the days, its probable cause and its consequence
 */
record ClockWarning(String path, long requests, String firstDay, String lastDay, String problem)
    implements Serializable {

  /** The warning as one line of text. */
  String text() {
    String days = firstDay.equals(lastDay) ? firstDay : firstDay + " to " + lastDay;
    return "%s: %,d %s arrived on %s, %s"
        .formatted(path, requests, requests == 1 ? "request" : "requests", days, problem);
  }
}
