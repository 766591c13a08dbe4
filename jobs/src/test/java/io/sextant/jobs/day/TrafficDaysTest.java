package io.sextant.jobs.day;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.CaughtOutput;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrafficDaysTest {

  @Test
  void daysOfRealTraffic() {
    assertThat(TrafficDays.plausible(LocalDate.parse("2026-09-14"))).isTrue();
    assertThat(TrafficDays.plausible(LocalDate.parse("2016-12-31"))).isFalse();
    assertThat(TrafficDays.plausible(LocalDate.parse("2100-01-01"))).isFalse();
  }

  /** The real-model traces have placeholders of 0 as arrivals. */
  @Test
  void saysWhichDaysOfAWindowCannotBeReal() {
    assertThat(said(List.of("2026-09-14", "1970-01-01")))
        .startsWith(
            "sextant: traces of gpt-oss-20b: 1970-01-01 cannot be a day of traffic: arrivals are"
                + " placeholders, or a clock was wrong.");
    assertThat(said(List.of("2026-09-14"))).isEmpty();
  }

  private static String said(List<String> days) {
    try (CaughtOutput caught = new CaughtOutput()) {
      TrafficDays.warn("gpt-oss-20b", days);
      return caught.err();
    }
  }
}
