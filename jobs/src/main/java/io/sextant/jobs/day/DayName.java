package io.sextant.jobs.day;

import io.sextant.schema.InvalidInputException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;

/**
 * Checks names of days. They are compared as text, and 2026-9-8 would silently sort after
 * 2026-09-30.
 */
public final class DayName {
  private static final int FIRST_YEAR = 1970;

  /** Names of days are compared as text, so that years must have four digits. */
  private static final int LAST_YEAR = 9999;

  private DayName() {}

  /**
   * @param day a day on the command line; null if none was given
   * @throws InvalidInputException if it is not written as yyyy-MM-dd
   */
  public static void requireIfGiven(String day) {
    if (day == null) {
      return;
    }
    try {
      int year = LocalDate.parse(day).getYear();
      if (year < FIRST_YEAR || year > LAST_YEAR) {
        throw InvalidInputException.of(
            "day " + day,
            "its year is not between %d and %d".formatted(FIRST_YEAR, LAST_YEAR),
            "Correct the day");
      }
    } catch (DateTimeParseException e) {
      throw InvalidInputException.of(
          "day " + day, "it is not a day", "Write it as yyyy-MM-dd, for example 2026-09-08", e);
    }
  }
}
