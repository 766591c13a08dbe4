package io.sextant.jobs.analyze;

import java.io.Serializable;
import java.util.Comparator;

/**
 * What loads are counted by, besides the layer.
 *
 * @param day yyyy-MM-dd, UTC
 * @param hour 0 to 23, UTC
 * @param domain of the requests
 */
record Cell(String day, int hour, String domain) implements Comparable<Cell>, Serializable {
  private static final Comparator<Cell> ORDER =
      Comparator.comparing(Cell::day).thenComparingInt(Cell::hour).thenComparing(Cell::domain);

  @Override
  public int compareTo(Cell other) {
    return ORDER.compare(this, other);
  }
}
