package io.sextant.jobs.refresh;

import io.sextant.jobs.day.TrafficDays;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * The days of a night: it plans on a window of days and scores on the last complete day.
 *
 * @param planFrom first day to plan on
 * @param planTo last day to plan on, the day before the scored day
 * @param scored the last complete day that has traces
 */
record TraceDays(LocalDate planFrom, LocalDate planTo, LocalDate scored) {
  /**
   * @param present days that have traces
   * @param asOf day of the refresh; earlier days are complete
   * @param windowDays number of calendar days to plan on
   * @return empty if there is no complete day with a plausible date, or no traces in the window
   *     before the last one
   */
  static Optional<TraceDays> choose(List<LocalDate> present, LocalDate asOf, int windowDays) {
    Optional<LocalDate> scored =
        present.stream()
            .filter(day -> day.isBefore(asOf) && TrafficDays.plausible(day))
            .max(LocalDate::compareTo);
    return scored
        .map(day -> new TraceDays(day.minusDays(windowDays), day.minusDays(1), day))
        .filter(
            days ->
                present.stream()
                    .anyMatch(
                        day -> !day.isBefore(days.planFrom()) && !day.isAfter(days.planTo())));
  }

  /** The reason if there are no such days: the days that are needed, and the days that exist. */
  static String tooFew(List<LocalDate> present, LocalDate asOf, int windowDays) {
    String there =
        switch (present.size()) {
          case 0 -> "no day";
          case 1 -> "one, " + present.get(0);
          default ->
              "%d, %s to %s"
                  .formatted(present.size(), present.get(0), present.get(present.size() - 1));
        };
    boolean wrong = present.stream().anyMatch(day -> !TrafficDays.plausible(day));
    return "A complete day before %s to score on and a day of the %d before that to plan on are needed; the warehouse has traces of %s%s."
        .formatted(
            asOf,
            windowDays,
            there,
            wrong ? " (days before 2017 and after 2099 do not count: a clock was wrong)" : "");
  }
}
