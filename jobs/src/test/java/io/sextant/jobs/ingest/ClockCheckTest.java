package io.sextant.jobs.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ClockCheckTest {
  private static final long NOW = Instant.parse("2026-09-15T02:31:00Z").toEpochMilli();
  private static final long MIDNIGHT = Instant.parse("2026-09-14T00:00:00Z").toEpochMilli();

  private final ClockCheck check = new ClockCheck(NOW);

  @Test
  void saysNothingOfTimesThatCanBeRight() {
    check.see(MIDNIGHT);
    // A host in another zone's time, or a little ahead.
    check.see(NOW + 14 * 3_600_000L);
    assertThat(check.warnings("a")).isEmpty();
  }

  @Test
  void saysWhichDaysAreTooEarlyTooLateOrNotBegun() {
    check.see(12_345);
    check.see(MIDNIGHT / 1000);
    check.see(-1);
    check.see(MIDNIGHT * 1000);
    check.see(NOW + 40 * 86_400_000L);
    assertThat(check.warnings("dumps/b").stream().map(ClockWarning::text))
        .containsExactly(
            "dumps/b: 3 requests arrived on 1969-12-31 to 1970-01-21, before 2017: a clock was"
                + " reset, or arrivals are not milliseconds since 1970; refresh skips such days",
            "dumps/b: 1 request arrived on +58672-01-21, after 2099: arrivals are not"
                + " milliseconds since 1970; they are stored under 1970-01-01, which refresh skips",
            "dumps/b: 1 request arrived on 2026-10-25, which has not begun: the clock that wrote"
                + " the times is ahead of this machine's; refresh skips a day until it is over");
  }

  @Test
  void anyLongIsATime() {
    check.see(Long.MIN_VALUE);
    check.see(Long.MAX_VALUE);
    assertThat(check.warnings("a")).hasSize(2);
    assertThat(ClockCheck.day(Long.MIN_VALUE)).isEqualTo("1970-01-01");
    assertThat(ClockCheck.day(Long.MAX_VALUE)).isEqualTo("1970-01-01");
  }

  @Test
  void daysAreUtcDaysAndLaterThanTheCenturyIsUnknown() {
    assertThat(ClockCheck.day(MIDNIGHT - 1)).isEqualTo("2026-09-13");
    assertThat(ClockCheck.day(MIDNIGHT)).isEqualTo("2026-09-14");
    assertThat(ClockCheck.day(-1)).isEqualTo("1969-12-31");
    assertThat(ClockCheck.day(MIDNIGHT * 1000)).isEqualTo("1970-01-01");
  }
}
