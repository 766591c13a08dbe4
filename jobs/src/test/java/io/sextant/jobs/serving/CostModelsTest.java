package io.sextant.jobs.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sextant.placement.cost.CostModel;
import io.sextant.schema.spec.ClusterSpec;
import io.sextant.schema.spec.ClusterSpecs;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.spec.Packagings;
import org.junit.jupiter.api.Test;

class CostModelsTest {
  private static final ClusterSpec MEASURED = ClusterSpecs.load("4x8-h200");
  private static final ClusterSpec NOT_MEASURED = ClusterSpecs.load("8x8-h100");
  private static final ModelSpec DEEPSEEK = ModelSpecs.load("deepseek-v3");

  private static CostModel cost(ClusterSpec cluster, String packaging) {
    return CostModels.of(DEEPSEEK, cluster, Packagings.load(packaging));
  }

  /** On one GPU whose experts have equal rows, to within one. */
  private static double micros(CostModel cost, int rows, int experts) {
    long[] rowsOfSlot = new long[experts];
    for (int row = 0; row < rows; row++) {
      rowsOfSlot[row % experts]++;
    }
    return cost.gpuMicros(rowsOfSlot, 0, experts);
  }

  /** The row of 9 experts and the column of 8192 rows in conf/clusters/4x8-h200.yaml. */
  @Test
  void measuredTimesAreThoseOfThePackagingsProducts() {
    assertThat(micros(cost(MEASURED, "bf16"), 8192, 9)).isCloseTo(1157.3, within(0.01));
    assertThat(micros(cost(MEASURED, "fp8"), 8192, 9)).isCloseTo(611.1, within(0.01));
    assertThat(micros(cost(MEASURED, "fp8-block"), 8192, 9)).isCloseTo(611.1, within(0.01));
  }

  @Test
  void aPackagingOfFourBitsDoesNotTakeTheTimesOfSixteen() {
    double small = micros(cost(MEASURED, "int4"), 16, 9);
    // 44 million weights of 4.125 bits, nine times, at 4.29 TB/s.
    assertThat(small).isCloseTo(9 * 44.040192e6 * 4.125 / 8 / 4290e3, within(0.1));
  }

  @Test
  void ratesServeWhereNothingWasMeasured() {
    double bf16 = micros(cost(NOT_MEASURED, "bf16"), 1_000_000, 1);
    assertThat(micros(cost(NOT_MEASURED, "fp8-block"), 1_000_000, 1) / bf16)
        .isCloseTo(0.5, within(0.01));
    assertThat(micros(cost(NOT_MEASURED, "nvfp4"), 1_000_000, 1) / bf16).isCloseTo(1, within(0.01));
  }
}
