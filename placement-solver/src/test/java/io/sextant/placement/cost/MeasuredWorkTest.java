package io.sextant.placement.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sextant.schema.spec.ClusterSpecs;
import io.sextant.schema.spec.ExpertTimeTable;
import org.junit.jupiter.api.Test;

/** On the table that was measured on an H200. */
class MeasuredWorkTest {
  private static final ExpertTimeTable TABLE =
      ClusterSpecs.load("4x8-h200").expertTimes().stream()
          .filter(table -> table.hidden() == 7168 && table.precision().equals("bf16"))
          .findFirst()
          .orElseThrow();
  private static final MeasuredWork WORK = new MeasuredWork(TABLE);

  @Test
  void isTheMeasurementAtEachPoint() {
    for (int e = 0; e < TABLE.experts().length; e++) {
      for (int r = 0; r < TABLE.rows().length; r++) {
        assertThat(WORK.micros(TABLE.rows()[r], TABLE.experts()[e]))
            .isCloseTo(TABLE.micros()[e][r], within(1e-9));
      }
    }
  }

  @Test
  void liesBetweenItsNeighboursAndGoesOnBeyondTheLast() {
    double middle = WORK.micros(2304, 5);
    assertThat(middle).isCloseTo((WORK.micros(2048, 5) + WORK.micros(2560, 5)) / 2, within(1e-9));
    double step = WORK.micros(8192, 9) - WORK.micros(6144, 9);
    assertThat(WORK.micros(10240, 9)).isCloseTo(WORK.micros(8192, 9) + step, within(1e-6));
    assertThat(WORK.micros(1, 5)).isEqualTo(WORK.micros(16, 5));
    assertThat(WORK.micros(0, 0)).isZero();
    assertThat(WORK.micros(4096, 12)).isGreaterThan(WORK.micros(4096, 9));
  }
}
