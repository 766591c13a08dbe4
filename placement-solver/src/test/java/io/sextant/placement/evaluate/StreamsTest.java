package io.sextant.placement.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.placement.Evaluations;
import io.sextant.placement.SampleTokens;
import io.sextant.placement.baseline.EplbPlacement;
import io.sextant.placement.copies.LayerDispatch;
import io.sextant.placement.cost.CostModel;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.problem.Topology;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.Transport;
import io.sextant.schema.trace.RequestTrace;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class StreamsTest {

  /** In batches of one row, no rule of these depends on the other rows of the stream. */
  @Property(tries = 20)
  void thePhasesAddUpToTheWhole(
      @ForAll("rules") CopyRule rule,
      @ForAll Transport transport,
      @ForAll @IntRange(min = 0, max = 20) int first) {
    SlotLayout layout = SlotLayout.of(4, 2, 160);
    int[] map = EplbPlacement.global(SampleTokens.load(SampleTokens.layer(0, 4, 4)), layout);
    LayerEvaluator evaluator =
        new LayerEvaluator(
            LayerDispatch.of(rule, layout, map, 128),
            Evaluations.profile(rule, transport, 1, 1),
            ServedPhases.BOTH,
            new CostModel(1, 2, 4));
    for (RequestTrace request : SampleTokens.day(8).subList(first, first + 2)) {
      evaluator.add(
          request.experts()[0],
          request.topK(),
          request.prefillTokens(),
          request.tokens() - request.prefillTokens(),
          SampleTokens.sourceGpu(request, layout));
    }
    StreamTally main = evaluator.tally().main();
    StreamTally sum = evaluator.tally().prefill().plus(evaluator.tally().decode());
    assertThat(sum.tokens()).isEqualTo(main.tokens());
    assertThat(sum.batches()).isEqualTo(main.batches());
    assertThat(sum.remoteNodes()).isEqualTo(main.remoteNodes());
    assertThat(sum.remoteSends()).isEqualTo(main.remoteSends());
    assertThat(sum.gpus()).isEqualTo(main.gpus());
    assertThat(sum.activatedExperts()).isEqualTo(main.activatedExperts());
  }

  @Provide
  Arbitrary<CopyRule> rules() {
    return Arbitraries.of(
        CopyRule.NEAREST, CopyRule.RANK, CopyRule.TOKEN_HASH, CopyRule.ROUND_ROBIN);
  }

  /** The least load is never above the load of a rule, and equals it without copies. */
  @Test
  void theLeastLoadIsABound() {
    SlotLayout layout = SlotLayout.of(4, 2, 160);
    int[] map = EplbPlacement.global(SampleTokens.load(SampleTokens.layer(0, 4, 4)), layout);
    for (CopyRule rule : CopyRule.values()) {
      LayerEvaluator evaluator =
          new LayerEvaluator(
                  LayerDispatch.of(rule, layout, map, 128),
                  Evaluations.profile(rule, Transport.NODE_DEDUPLICATED, 1024, 256),
                  ServedPhases.BOTH,
                  new CostModel(0, 0, 0))
              .findLeastLoad();
      for (RequestTrace request : SampleTokens.day(8).subList(0, 40)) {
        evaluator.add(
            request.experts()[0],
            request.topK(),
            request.prefillTokens(),
            request.decodeTokens(),
            SampleTokens.sourceGpu(request, layout));
      }
      StreamMetrics metrics = evaluator.tally().main().metrics();
      assertThat(metrics.leastMaxOverMeanGpuLoad())
          .isGreaterThanOrEqualTo(1)
          .isLessThan(metrics.maxOverMeanGpuLoad());
    }
  }

  /** Four choices over a link of price 3; a port has half of its node's rate of 1 us per choice. */
  @Test
  void sendsPerExpertCountByThePriceOfTheirLink() {
    SlotLayout layout =
        new SlotLayout(2, 2, 1)
            .on(new Topology(List.of(List.of(0.0, 3.0), List.of(1.0, 0.0)), List.of()));
    LayerEvaluator evaluator =
        new LayerEvaluator(
            LayerDispatch.of(CopyRule.RANK, layout, new int[] {0, 1, 2, 3}, 4),
            Evaluations.profile(CopyRule.RANK, Transport.PER_EXPERT, 4, 4),
            ServedPhases.PREFILL,
            new CostModel(0, 0, 1));
    evaluator.add(new short[] {2, 2, 2, 2}, 1, 4, 0, 1);
    assertThat(evaluator.tally().main().layerMicros()).isEqualTo(4 * 3 * 2);
    assertThat(evaluator.tally().main().trafficCost()).isEqualTo(4 * 3);
  }
}
