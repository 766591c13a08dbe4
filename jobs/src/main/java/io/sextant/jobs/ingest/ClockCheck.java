package io.sextant.jobs.ingest;

import io.sextant.jobs.day.TrafficDays;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds arrivals whose times cannot be right. The requests are kept, because their routes are
 * valid, but their day must not count as a day of traffic.
 */
final class ClockCheck {
  /** A day that sorts before every day of traffic. */
  private static final LocalDate UNKNOWN = LocalDate.EPOCH;

  private static final long MILLIS_PER_DAY = Duration.ofDays(1).toMillis();

  private final Span early =
      new Span(
          "before 2017: a clock was reset, or arrivals are not milliseconds since 1970"
              + "; refresh skips such days");
  private final Span late =
      new Span(
          "after 2099: arrivals are not milliseconds since 1970; they are stored under %s, which refresh skips"
              .formatted(UNKNOWN));
  private final Span future =
      new Span(
          "which has not begun: the clock that wrote the times is ahead of this machine's;"
              + " refresh skips a day until it is over");

  private final long firstMillis = millis(TrafficDays.FIRST);
  private final long futureMillis;
  private final long lateMillis = millis(TrafficDays.AFTER_LAST);

  /**
   * @param nowMillis the present, ms since 1970; clocks may differ from it by a day
   */
  ClockCheck(long nowMillis) {
    this.futureMillis = nowMillis + MILLIS_PER_DAY;
  }

  /**
   * The UTC day under which an arrival is stored. Names of days are compared as text, which is
   * wrong after the year 9999; and long before that, a day in the far future would remain the last
   * day for ever.
   */
  static LocalDate day(long arrivalMillis) {
    LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(arrivalMillis, MILLIS_PER_DAY));
    return day.getYear() < 0 || !day.isBefore(TrafficDays.AFTER_LAST) ? UNKNOWN : day;
  }

  void see(long arrivalMillis) {
    if (arrivalMillis < firstMillis) {
      early.add(arrivalMillis);
    } else if (arrivalMillis >= lateMillis) {
      late.add(arrivalMillis);
    } else if (arrivalMillis >= futureMillis) {
      future.add(arrivalMillis);
    }
  }

  /** The warning for a file; empty if its times can be right. */
  List<ClockWarning> warnings(String path) {
    List<ClockWarning> warnings = new ArrayList<>();
    for (Span span : List.of(early, late, future)) {
      if (span.requests > 0) {
        warnings.add(
            new ClockWarning(path, span.requests, said(span.first), said(span.last), span.problem));
      }
    }
    return warnings;
  }

  private static long millis(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
  }

  private static String said(long millis) {
    return LocalDate.ofEpochDay(Math.floorDiv(millis, MILLIS_PER_DAY)).toString();
  }

  private static final class Span {
    private final String problem;
    private long requests;
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;

    Span(String problem) {
      this.problem = problem;
    }

    void add(long arrivalMillis) {
      requests++;
      first = Math.min(first, arrivalMillis);
      last = Math.max(last, arrivalMillis);
    }
  }
}
