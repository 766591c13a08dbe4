package io.sextant.numerics.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.numerics.format.Fp8Format;
import io.sextant.numerics.gemm.Recipe;
import io.sextant.schema.stats.LayerStatistics;
import io.sextant.schema.stats.Operand;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Compares predictions from statistics with products of real tensors, emulated bit by bit. */
class PredictedErrorTest {
  @ParameterizedTest
  @EnumSource(value = Recipe.class, mode = EnumSource.Mode.MATCH_NONE, names = ".*SPARSE24")
  void isWithin15PercentOfRealProductsAndCloserThanGaussians(Recipe recipe) throws IOException {
    for (SiteTensors site : RealCuts.tensors()) {
      TrueAndPredicted error = TrueAndPredicted.of(recipe, site);
      double truth = error.truth();
      double predicted = error.predicted();
      assertThat(predicted / truth).as(site.site()).isBetween(0.85, 1.15);
      if (recipe.fp8()) {
        assertThat(Math.abs(predicted - truth))
            .as(site.site())
            .isLessThan(Math.abs(PredictedError.ofGaussian(recipe) - truth));
      }
    }
  }

  @Test
  void ofGaussiansIsWhatIsPublished() {
    // Two E4M3 operands: 28.5 dB, 3.7 %; calc_diff about 0.0007.
    assertThat(PredictedError.ofGaussian(Recipe.E4M3_TENSOR)).isBetween(0.037, 0.038);
    PredictedError error = new PredictedError(Recipe.E4M3_TENSOR, 0.0375, 1);
    assertThat(error.sqnrDb()).isBetween(28.4, 28.6);
    assertThat(error.calcDiff()).isBetween(0.0006, 0.0008);
  }

  @Test
  void theFlushedShareLeavesZerosOut() throws IOException {
    // Squared ReLU: 78 % of the values are 0 before rounding, and few more become 0.
    LayerStatistics sparse =
        RealCuts.newest(
            RealCuts.statistics("layer_stats-lm.jsonl.gz"), "block0.ffn.down", Operand.ACTIVATION);
    assertThat(sparse.zeroFraction()).isBetween(0.7, 0.85);
    assertThat(new MagnitudeDistribution(sparse).flushed(Fp8Format.E4M3)).isLessThan(0.01);
  }
}
