package io.sextant.placement.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sextant.placement.Evaluations;
import io.sextant.placement.SampleTokens;
import io.sextant.placement.baseline.EplbPlacement;
import io.sextant.placement.copies.LayerDispatch;
import io.sextant.placement.cost.CostModel;
import io.sextant.placement.cost.LinkCosts;
import io.sextant.placement.cost.RooflineWork;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.Transport;
import io.sextant.schema.trace.RequestTrace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The times of reported routes are those that the evaluator sums. */
class RoutedPredictionTest {
  private static final CostModel COST =
      new CostModel(new RooflineWork(0.25, 12.5), new LinkCosts(0.5, 2, 16));

  @ParameterizedTest
  @CsvSource({"2,1,128,TOKEN_HASH", "1,2,160,RANDOM", "4,8,160,IDEAL", "2,4,136,LP"})
  void reportedRoutesHaveTheTimesOfTheEvaluator(
      int nodes, int gpusPerNode, int slots, CopyRule rule) {
    SlotLayout layout = SlotLayout.of(nodes, gpusPerNode, slots);
    int[] map = EplbPlacement.global(SampleTokens.load(SampleTokens.layer(0, 4, 4)), layout);
    for (Transport transport : Transport.values()) {
      RoutedPrediction prediction = new RoutedPrediction(layout, transport, COST);
      List<Double> prefill = new ArrayList<>();
      List<Double> decode = new ArrayList<>();
      LayerEvaluator evaluator =
          new LayerEvaluator(
                  LayerDispatch.of(rule, layout, map, 128),
                  Evaluations.profile(rule, transport, 256, 64),
                  ServedPhases.BOTH,
                  COST)
              .reportRoutes(
                  (sources, chosen) -> prefill.add(prediction.micros(sources, chosen)),
                  (sources, chosen) -> decode.add(prediction.micros(sources, chosen)));
      for (RequestTrace request : SampleTokens.day(8).subList(0, 25)) {
        evaluator.add(
            request.experts()[0],
            request.topK(),
            request.prefillTokens(),
            request.decodeTokens(),
            SampleTokens.sourceGpu(request, layout));
      }
      PlacementTally tally = evaluator.tally();
      assertThat(prefill).hasSize((int) tally.prefill().batches()).isNotEmpty();
      assertThat(decode).hasSize((int) tally.decode().batches()).isNotEmpty();
      assertThat(sum(prefill)).isEqualTo(tally.prefill().layerMicros(), within(1e-6));
      assertThat(sum(decode)).isEqualTo(tally.decode().layerMicros(), within(1e-6));
    }
  }

  private static double sum(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).sum();
  }
}
