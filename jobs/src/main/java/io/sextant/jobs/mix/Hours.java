package io.sextant.jobs.mix;

import static org.apache.spark.sql.functions.expr;

import io.sextant.schema.InvalidInputException;
import java.io.Serializable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;

/**
 * Hours of each day, UTC.
 *
 * @param from the first hour, 0 to 23
 * @param to the hour at which they end, 1 to 24; below {@code from} if they pass midnight
 */
public record Hours(int from, int to) implements Serializable {
  private static final Pattern FORM = Pattern.compile("(\\d{1,2})-(\\d{1,2})");
  private static final int HOURS_PER_DAY = 24;
  private static final long MILLIS_PER_HOUR = 3_600_000;

  /**
   * Parses hours as users write them.
   *
   * @param text {@code 8-18} from 8:00 to 18:00, or {@code 22-6} over midnight
   * @throws InvalidInputException if it is neither
   */
  static Hours of(String text) {
    Matcher hours = FORM.matcher(text);
    if (hours.matches()) {
      int from = Integer.parseInt(hours.group(1));
      int to = Integer.parseInt(hours.group(2));
      if (from < HOURS_PER_DAY && to <= HOURS_PER_DAY && from != to) {
        return new Hours(from, to == 0 ? HOURS_PER_DAY : to);
      }
    }
    throw InvalidInputException.of(
        "--arrivals " + text,
        "it is not a range of hours of a day",
        "Give FROM-TO in whole hours, UTC, such as 8-18, or 22-6 over midnight");
  }

  /** Whether an arrival, ms since 1970 UTC, lies in these hours. */
  public boolean contains(long arrivalMillis) {
    long millis = Math.floorMod(arrivalMillis, HOURS_PER_DAY * MILLIS_PER_HOUR);
    boolean begun = millis >= from * MILLIS_PER_HOUR;
    boolean open = millis < to * MILLIS_PER_HOUR;
    return from < to ? begun && open : begun || open;
  }

  /** The same as {@link #contains} for rows with a column {@code arrival_ms}. */
  Column containArrival() {
    return expr(
        "pmod(arrival_ms, %1$dL) >= %2$dL %3$s pmod(arrival_ms, %1$dL) < %4$dL"
            .formatted(
                HOURS_PER_DAY * MILLIS_PER_HOUR,
                from * MILLIS_PER_HOUR,
                from < to ? "and" : "or",
                to * MILLIS_PER_HOUR));
  }

  /** As users write them. */
  String text() {
    return from + "-" + to;
  }
}
