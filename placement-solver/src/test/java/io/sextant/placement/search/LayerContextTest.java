package io.sextant.placement.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.placement.objective.ObjectiveWeights;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.Transport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerContextTest {

  /** Of 2,000 batches of 2 tokens, 256 are taken, or as many as hold the sample of traffic. */
  @ParameterizedTest
  @CsvSource({"100, 256", "1200, 600", "4000, 2000", "9000, 2000"})
  void takesSomeOfManySmallBatches(int sampleTokens, int batches) {
    LayerTokens tokens = new LayerTokens(4, 1, new short[4_000], new byte[4_000]);
    LayerProblem problem =
        new LayerProblem(
            SlotLayout.of(1, 2, 4), tokens, 2, CopyRule.NEAREST, Transport.NODE_DEDUPLICATED);
    SolverSettings settings =
        new SolverSettings(
            new SearchBudget(sampleTokens, 1, 1, 1, 1, 1), ObjectiveWeights.DEFAULT, 1);
    assertThat(LayerContext.of(problem, settings).loads().batches()).isEqualTo(batches);
  }
}
