package io.sextant.schema.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class EstimateTest {
  private static final double CLOSE = 1e-9;

  @Test
  void theIntervalOfAMeanIsThatOfTheNormalDistribution() {
    // 1, 2, 3, 4: variance 5/3, so the margin is 1.95996 sqrt(5/12).
    Estimate estimate = Estimate.ofMean(4, 10, 30);
    assertThat(estimate.value()).isEqualTo(2.5);
    assertThat(estimate.high() - 2.5).isCloseTo(1.265151, within(1e-6));
    assertThat(2.5 - estimate.low()).isCloseTo(estimate.high() - 2.5, within(CLOSE));
  }

  @Test
  void thereIsNoIntervalOfTooFewValues() {
    assertThat(Estimate.ofMean(0, 0, 0)).isEqualTo(Estimate.NONE);
    assertThat(Estimate.ofMean(1, 0.5, 0.25)).isEqualTo(new Estimate(0.5, null, null));
    assertThat(Estimate.ofPearson(0.5, 3)).isEqualTo(new Estimate(0.5, null, null));
    assertThat(Estimate.ofSpearman(-1, 100)).isEqualTo(new Estimate(-1.0, null, null));
  }

  @Test
  void fishersIntervalHoldsTheFigure() {
    for (int thousandths = -999; thousandths < 1000; thousandths++) {
      double r = thousandths / 1_000.0;
      Estimate pearson = Estimate.ofPearson(r, 128);
      assertThat(pearson.low()).isBetween(-1.0, r);
      assertThat(pearson.high()).isBetween(r, 1.0);
      Estimate spearman = Estimate.ofSpearman(r, 128);
      assertThat(spearman.high() - spearman.low())
          .isGreaterThanOrEqualTo(pearson.high() - pearson.low() - CLOSE);
    }
  }
}
