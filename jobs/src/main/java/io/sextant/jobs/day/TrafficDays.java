package io.sextant.jobs.day;

import java.time.LocalDate;
import java.util.Collection;
import java.util.List;

/** Tells days of traffic from days that only a wrong clock or a placeholder can give. */
public final class TrafficDays {
  /** Mixture-of-experts layers were first trained at scale in 2017 (Shazeer et al.). */
  public static final LocalDate FIRST = LocalDate.of(2017, 1, 1);

  public static final LocalDate AFTER_LAST = LocalDate.of(2100, 1, 1);

  private TrafficDays() {}

  /** Whether a day can be a real day of traffic. */
  public static boolean plausible(LocalDate day) {
    return !day.isBefore(FIRST) && day.isBefore(AFTER_LAST);
  }

  /**
   * Prints which days of a window cannot be real, because their requests count all the same.
   *
   * @param window the model and the days, as {@code TraceWindow.describe} gives them
   * @param days the window's days with traces, yyyy-MM-dd
   */
  public static void warn(String window, Collection<String> days) {
    List<String> wrong =
        days.stream().filter(day -> !plausible(LocalDate.parse(day))).sorted().toList();
    if (!wrong.isEmpty()) {
      System.err.printf(
          "sextant: traces of %s: %s cannot be a day of traffic: arrivals are placeholders, or a"
              + " clock was wrong. Its requests count all the same; leave them out with --from%n",
          window, String.join(", ", wrong));
    }
  }
}
