package io.sextant.jobs.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class DayRuleTest {
  /** Thursday to Sunday. */
  private static final List<String> DAYS =
      List.of("2026-09-10", "2026-09-11", "2026-09-12", "2026-09-13");

  private static List<Double> weights(LocalDate plannedFor, boolean alike) {
    return List.copyOf(new DayRule(plannedFor, alike).weigh(DAYS).weights().values());
  }

  @Test
  void daysOfTheOtherKindCountAQuarter() {
    assertThat(weights(LocalDate.of(2026, 9, 14), false)).containsExactly(1.0, 1.0, 0.25, 0.25);
    assertThat(weights(LocalDate.of(2026, 9, 19), false)).containsExactly(0.25, 0.25, 1.0, 1.0);
  }

  @Test
  void unsaidThePlanIsForTheDayAfterTheWindow() {
    assertThat(weights(null, false)).isEqualTo(weights(LocalDate.of(2026, 9, 14), false));
  }

  @Test
  void allDaysCountTheSameIfAskedOrIfTheyAreOfOneKind() {
    assertThat(weights(LocalDate.of(2026, 9, 14), true)).containsOnly(1.0);
    assertThat(new DayRule(LocalDate.of(2026, 9, 19), false).weigh(DAYS.subList(0, 2)).line())
        .isEqualTo(
            "days weighted by kind for 2026-09-19, a weekend day, for every method: 2026-09-10 x 1,"
                + " 2026-09-11 x 1%n".formatted());
  }
}
