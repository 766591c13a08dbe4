package io.sextant.jobs.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class TraceDaysTest {
  private static final LocalDate MONDAY = LocalDate.parse("2026-09-07");
  private static final List<LocalDate> WEEK = MONDAY.datesUntil(MONDAY.plusDays(7)).toList();

  @Test
  void scoresTheLastCompleteDayAndPlansOnThoseBefore() {
    assertThat(TraceDays.choose(WEEK, MONDAY.plusDays(5), 3))
        .contains(new TraceDays(MONDAY.plusDays(1), MONDAY.plusDays(3), MONDAY.plusDays(4)));
  }

  @Test
  void todayIsNotComplete() {
    assertThat(TraceDays.choose(WEEK, MONDAY.plusDays(1), 3)).isEmpty();
    assertThat(TraceDays.choose(WEEK, MONDAY, 3)).isEmpty();
  }

  @Test
  void aWindowWithoutTracesIsNone() {
    List<LocalDate> gap = List.of(MONDAY, MONDAY.plusDays(20));
    assertThat(TraceDays.choose(gap, MONDAY.plusDays(30), 7)).isEmpty();
  }

  @Test
  void saysWhatIsMissingAndWhatIsThere() {
    String needed =
        "A complete day before 2026-09-08 to score on and a day of the 7 before that to plan on are"
            + " needed; the warehouse has traces of ";
    LocalDate tuesday = MONDAY.plusDays(1);
    assertThat(TraceDays.tooFew(List.of(), tuesday, 7)).isEqualTo(needed + "no day.");
    assertThat(TraceDays.tooFew(List.of(MONDAY), tuesday, 7))
        .isEqualTo(needed + "one, 2026-09-07.");
    assertThat(TraceDays.tooFew(WEEK, tuesday, 7))
        .isEqualTo(needed + "7, 2026-09-07 to 2026-09-13.");
  }

  @Test
  void aDayBetweenMayBeMissing() {
    List<LocalDate> gap =
        List.of(MONDAY, MONDAY.plusDays(1), MONDAY.plusDays(3), MONDAY.plusDays(4));
    assertThat(TraceDays.choose(gap, MONDAY.plusDays(5), 7))
        .contains(new TraceDays(MONDAY.minusDays(3), MONDAY.plusDays(3), MONDAY.plusDays(4)));
  }

  @Test
  void daysOfAWrongClockAreNotScoredOn() {
    List<LocalDate> clocks =
        List.of(
            LocalDate.parse("1970-01-01"),
            LocalDate.parse("1970-01-02"),
            LocalDate.parse("2100-01-01"));
    assertThat(TraceDays.choose(clocks, MONDAY, 7)).isEmpty();
    assertThat(TraceDays.choose(clocks, LocalDate.parse("2200-01-01"), 7)).isEmpty();
    assertThat(TraceDays.tooFew(clocks, MONDAY, 7))
        .endsWith(
            "traces of 3, 1970-01-01 to 2100-01-01 (days before 2017 and after 2099 do not count:"
                + " a clock was wrong).");
  }

  @Test
  void aDayToComeIsNotScoredOn() {
    List<LocalDate> ahead = List.of(MONDAY, MONDAY.plusDays(1), MONDAY.plusDays(40));
    assertThat(TraceDays.choose(ahead, MONDAY.plusDays(2), 7).orElseThrow().scored())
        .isEqualTo(MONDAY.plusDays(1));
    assertThat(TraceDays.choose(ahead, MONDAY.plusDays(40), 7).orElseThrow().scored())
        .isEqualTo(MONDAY.plusDays(1));
  }
}
