package io.sextant.placement.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sextant.schema.spec.ClusterSpecs;
import io.sextant.schema.spec.ExpertTimeTable;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** On the table that was measured on an H200. */
class MeasuredWorkTest {
  private static final ExpertTimeTable TABLE =
      ClusterSpecs.load("4x8-h200").expertTimes().stream()
          .filter(table -> table.hidden() == 7168 && table.precision().equals("bf16"))
          .findFirst()
          .orElseThrow();
  private static final MeasuredWork WORK = new MeasuredWork(TABLE);

  private static double even(int rowsOfExpert, int experts) {
    long[] rows = new long[experts];
    Arrays.fill(rows, rowsOfExpert);
    return WORK.micros(rows, 0, experts);
  }

  @Test
  void evenExpertsTakeTheMeasuredTimes() {
    for (int e = 0; e < TABLE.experts().length; e++) {
      for (int r = 0; r < TABLE.rows().length; r++) {
        int experts = TABLE.experts()[e];
        if (TABLE.rows()[r] % experts == 0) {
          assertThat(even(TABLE.rows()[r] / experts, experts))
              .isCloseTo(TABLE.micros()[e][r], within(1e-9));
        }
      }
    }
  }

  @Test
  void liesBetweenItsNeighboursAndGoesOnBeyondTheLast() {
    double middle = even(2304, 1);
    assertThat(middle).isCloseTo((even(2048, 1) + even(2560, 1)) / 2, within(1e-9));
    double step = even(4096, 2) - even(3072, 2);
    assertThat(even(5120, 2)).isCloseTo(even(4096, 2) + step, within(1e-6));
    assertThat(even(1, 5)).isEqualTo(even(2, 5));
    assertThat(even(400, 12)).isGreaterThan(even(400, 9));
    assertThat(WORK.micros(new long[4], 0, 4)).isZero();
  }

  @Test
  void anExpertWithFewRowsCannotMakeUpForOneWithMany() {
    long[] uneven = {8, 8, 8, 8, 8, 8, 8, 2024};
    double oneByOne = (7 * even(8, 8) + even(2024, 8)) / 8;
    double together = WORK.micros(new long[] {260, 260, 260, 260, 260, 260, 260, 260}, 0, 8);
    assertThat(WORK.micros(uneven, 0, 8)).isCloseTo((oneByOne + together) / 2, within(1e-9));
    assertThat(WORK.micros(uneven, 0, 8)).isGreaterThan(together);
  }

  @Test
  void fewExpertsRunAtTheSameTime() {
    assertThat(WORK.micros(new long[] {8, 8, 8, 2024}, 0, 4)).isCloseTo(even(512, 4), within(1e-9));
  }

  @Test
  void countsTheSlotsOfTheGpuAlone() {
    long[] rows = {700, 0, 16, 900, 30, 5};
    long[] ofGpu = {16, 900, 30};
    assertThat(WORK.micros(rows, 2, 5)).isEqualTo(WORK.micros(ofGpu, 0, 3));
    long[] withEmpty = {16, 0, 900, 0, 30};
    assertThat(WORK.micros(withEmpty, 0, 5)).isEqualTo(WORK.micros(ofGpu, 0, 3));
  }
}
