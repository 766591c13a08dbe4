package io.sextant.jobs.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.schema.InvalidInputException;
import org.junit.jupiter.api.Test;

/** Days that would select the wrong traces are refused. */
class TraceWindowTest {

  private static TraceWindow days(String from, String to) {
    return new TraceWindow("warehouse", "sextant-128x8", from, to);
  }

  @Test
  void openEndsAreTheFirstAndTheLastDayThereIs() {
    assertThat(days(null, null).describe())
        .isEqualTo("sextant-128x8 from the first day to the last");
    assertThat(days("2026-09-08", "2026-09-08").describe())
        .isEqualTo("sextant-128x8 from 2026-09-08 to 2026-09-08");
  }

  @Test
  void refusesADayThatWouldNotSortAmongTheOthers() {
    for (String day : new String[] {"2026-9-8", "2026-13-01", "20260908", "yesterday", ""}) {
      assertThatThrownBy(() -> days(null, day))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage(
              "day " + day + ": it is not a day. Write it as yyyy-MM-dd, for example 2026-09-08");
    }
  }

  @Test
  void refusesYearsThatDoNotSortAsText() {
    for (String day : new String[] {"+10000-01-01", "-0001-01-01", "1969-12-31", "0000-01-01"}) {
      assertThatThrownBy(() -> days(day, null))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage("day " + day + ": its year is not between 1970 and 9999. Correct the day");
    }
  }

  @Test
  void refusesAWindowThatEndsBeforeItBegins() {
    assertThatThrownBy(() -> days("2026-09-12", "2026-09-08"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "days 2026-09-12 to 2026-09-08: the first day is after the last. Give them in the"
                + " other order");
  }
}
