package io.sextant.numerics.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.schema.stats.LayerStatistics;
import io.sextant.schema.stats.Operand;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The recommendation model, unchanged and with LoKA's adaptations. */
class HazardsTest {
  private static final List<String> HIDDEN =
      List.of("bottom.fc1", "bottom.fc2", "top.fc1", "top.fc2", "top.fc3");

  @Test
  void theBaselineHasGrowingBiasesCancellationAndSwish() throws IOException {
    List<LayerStatistics> all = RealCuts.statistics("layer_stats-lrm-baseline.jsonl.gz");
    for (String site : HIDDEN) {
      assertThat(kinds(all, site, Hazards.Norm.AUTO)).as(site).contains(Hazard.Kind.BIAS_GROWTH);
    }
    assertThat(kinds(all, "bottom.fc2", Hazards.Norm.AUTO))
        .contains(Hazard.Kind.CANCELLATION, Hazard.Kind.EXPONENTIAL_ACTIVATION);
    assertThat(kinds(all, "top.fc3", Hazards.Norm.AUTO)).contains(Hazard.Kind.CANCELLATION);
    assertThat(kinds(all, "bottom.fc2", Hazards.Norm.RMS)).doesNotContain(Hazard.Kind.CANCELLATION);
    // The raw inputs did not go through an activation.
    assertThat(kinds(all, "bottom.fc1", Hazards.Norm.AUTO))
        .doesNotContain(Hazard.Kind.EXPONENTIAL_ACTIVATION);
  }

  @Test
  void theAdaptedModelHasNone() throws IOException {
    List<LayerStatistics> all = RealCuts.statistics("layer_stats-lrm-mods.jsonl.gz");
    for (String site : HIDDEN) {
      assertThat(kinds(all, site, Hazards.Norm.AUTO)).as(site).isEmpty();
    }
  }

  @Test
  void aFewHugeActivationsAreOutliersThatANormWouldCap() throws IOException {
    List<LayerStatistics> all = RealCuts.statistics("layer_stats-lm.jsonl.gz");
    assertThat(kinds(all, "block2.ffn.down", Hazards.Norm.AUTO))
        .containsExactly(Hazard.Kind.OUTLIERS);
    assertThat(kinds(all, "block0.attn.qkv", Hazards.Norm.AUTO)).isEmpty();
    LayerStatistics before = RealCuts.newest(all, "block2.ffn.down", Operand.ACTIVATION);
    LayerStatistics after = Adaptations.blockNormed(before);
    assertThat(after.absmax()).isLessThanOrEqualTo(16.001 * Math.sqrt(before.secondMoment()));
  }

  private static Set<Hazard.Kind> kinds(List<LayerStatistics> all, String site, Hazards.Norm norm) {
    return Hazards.of(
            RealCuts.newest(all, site, Operand.ACTIVATION),
            RealCuts.newest(all, site, Operand.WEIGHT),
            norm)
        .stream()
        .map(Hazard::kind)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Hazard.Kind.class)));
  }
}
