package io.sextant.numerics.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.numerics.format.TwoOfFour;
import io.sextant.numerics.gemm.Recipe;
import io.sextant.schema.stats.LayerStatistics;
import io.sextant.schema.stats.Operand;
import java.io.IOException;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fit of the language model's squared ReLU to a 2:4 operand. */
class Sparse24FitTest {
  private static SiteTensors tensors() throws IOException {
    return SiteTensors.read(RealCuts.file("lm-squared-relu.safetensors.gz")).get(0);
  }

  @Test
  void whatIsDroppedIsWhatTheEmulationDrops() throws IOException {
    SiteTensors site = tensors();
    float[] values = site.activations().values();
    float[] pruned = TwoOfFour.pruned(values);
    double all = 0;
    double kept = 0;
    for (int i = 0; i < values.length; i++) {
      all += (double) values[i] * values[i];
      kept += (double) pruned[i] * pruned[i];
    }
    Sparse24Fit fit =
        Sparse24Fit.of(MatrixStatistics.of(site.site(), Operand.ACTIVATION, site.activations()));
    assertThat(fit.dropped()).isCloseTo(1 - kept / all, Offset.offset(1e-9));
    assertThat(fit.zeros()).isBetween(0.75, 0.85);
    // Real activations are not independent: more groups have over two values than by chance.
    assertThat(fit.overTwo()).isGreaterThan(1.2 * fit.overTwoIfIndependent());
  }

  @ParameterizedTest
  @EnumSource(
      value = Recipe.class,
      names = {"BF16_SPARSE24", "E4M3_SPARSE24"})
  void theErrorOfARealProductIsPredicted(Recipe recipe) throws IOException {
    TrueAndPredicted error = TrueAndPredicted.of(recipe, tensors());
    assertThat(error.predicted() / error.truth()).isBetween(0.85, 1.15);
  }

  @Test
  void aSiteThatLosesMoreThanFp8WouldIsUnsafe() throws IOException {
    List<LayerStatistics> all = RealCuts.statistics("layer_stats-lm.jsonl.gz");
    SiteProbe first = probe(all, "block0.ffn.down");
    assertThat(first.recipes())
        .filteredOn(one -> one.sparse24() != null)
        .hasSize(2)
        .allSatisfy(
            one -> {
              assertThat(one.safe(0.05)).isFalse();
              assertThat(one.reason(0.05))
                  .startsWith("5.11 % of groups have more than two values, 0.214 % of the energy")
                  .contains("above FP8's own noise of 0.141 %");
            });
    SiteProbe dense = probe(all, "block0.ffn.up");
    assertThat(dense.sparse24().candidate()).isFalse();
    assertThat(dense.recipes())
        .filteredOn(one -> one.sparse24() != null)
        .allMatch(one -> !one.safe(0.05) && one.reason(0.05).contains("over 0.0500"));
  }

  @Test
  void aSiteWithFewFullGroupsIsSafe() {
    Sparse24Fit fit = new Sparse24Fit(0.93, 0.0026, 0.00019);
    assertThat(fit.belowFp8Noise()).isTrue();
    assertThat(fit.droppedDb()).isBetween(37.1, 37.3);
    assertThat(fit.text()).contains("0.26 %", "0.019 %", "below FP8's own noise");
  }

  private static SiteProbe probe(List<LayerStatistics> all, String site) {
    return SiteProbe.of(
        RealCuts.newest(all, site, Operand.ACTIVATION),
        RealCuts.newest(all, site, Operand.WEIGHT),
        Double.NaN,
        null,
        Hazards.Norm.AUTO);
  }
}
