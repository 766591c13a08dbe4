package io.sextant.jobs.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.jobs.SampleWarehouse;
import io.sextant.jobs.serving.CostModels;
import io.sextant.jobs.serving.LayerShape;
import io.sextant.jobs.window.LayerTrace;
import io.sextant.jobs.window.Pool;
import io.sextant.placement.cost.CostModel;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.solve.LayerSolver;
import io.sextant.schema.spec.Packaging;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Searches maps of the first layer of a sample day under several rules. */
class MapSearchTest {
  private static final CostModel COST =
      CostModels.of(SampleWarehouse.MODEL, SampleWarehouse.CLUSTER, Packaging.BF16);

  private static SolverSettings settings(LayerShape shape) {
    return SolverSettings.forSeconds(0.1, shape.layout(), 128, 1)
        .forRule(shape.profile().copyRule(), shape.layout(), 128);
  }

  private static int[] map(LayerShape shape, LayerTrace trace) {
    return new MapSearch(shape, COST, trace, settings(shape)).best(shape.layout());
  }

  /** On the window, no plan for the other rule is better than the plan for the own one. */
  @ParameterizedTest
  @CsvSource({"vllm, vllm-ascend", "vllm-ascend, vllm"})
  void rulesWithViewsHaveTheSameMapsToChooseFrom(String own, String other) throws Exception {
    LayerTrace trace = WindowMicrosTest.trace(150);
    LayerShape shape = WindowMicrosTest.shape(own, Pool.BOTH);
    int[] planned = map(shape, trace);
    int[] others = map(WindowMicrosTest.shape(other, Pool.BOTH), trace);
    assertThat(new WindowMicros(shape, COST, trace).best(shape.layout(), List.of(planned, others)))
        .isSameAs(planned);
  }

  @Test
  void anotherRuleHasOneSearchWithAllItsSteps() throws Exception {
    LayerTrace trace = WindowMicrosTest.trace(150);
    LayerShape shape = WindowMicrosTest.shape("sglang", Pool.BOTH);
    assertThat(map(shape, trace))
        .isEqualTo(
            LayerSolver.solve(shape.problem(shape.layout(), trace.tokens()), settings(shape)));
  }
}
