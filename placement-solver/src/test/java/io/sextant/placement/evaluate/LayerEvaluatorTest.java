package io.sextant.placement.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sextant.placement.NaiveScore;
import io.sextant.placement.SampleTokens;
import io.sextant.placement.Topologies;
import io.sextant.placement.baseline.EplbPlacement;
import io.sextant.placement.baseline.LinearPlacement;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.problem.Topology;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.trace.RequestTrace;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerEvaluatorTest {
  private static final CostModel COST = new CostModel(0.25, 12.5, 0.5);
  private static final CostModel FREE = new CostModel(0, 0, 0);

  /** The scorer that made the expectations prints four decimals. */
  private static final Offset<Double> PRINTED = within(0.5e-4 + 1e-9);

  @ParameterizedTest
  @CsvSource({
    "4, 8, 128, 256, 64",
    "4, 8, 160, 256, 64",
    "8, 8, 192, 300, 33",
    "8, 2, 144, 1, 1",
    "3, 5, 150, 100, 90",
    "1, 4, 128, 256, 64",
    "9, 8, 144, 256, 64",
    "36, 4, 288, 256, 64"
  })
  void equalsTheRulesWrittenOutWithSets(
      int nodes, int gpusPerNode, int slots, int microBatchTokens, int decodeStepTokens) {
    List<RequestTrace> requests = SampleTokens.day(8).subList(0, 25);
    SlotLayout layout = SlotLayout.of(nodes, gpusPerNode, slots);
    for (int layer = 0; layer < 6; layer += 5) {
      double[] load = SampleTokens.load(SampleTokens.layer(layer, nodes, 4));
      List<int[]> maps =
          List.of(LinearPlacement.place(128, slots), EplbPlacement.global(load, layout));
      for (int[] map : maps) {
        LayerEvaluator evaluator =
            new LayerEvaluator(layout, map, 128, COST, microBatchTokens, decodeStepTokens);
        NaiveScore naive = new NaiveScore(nodes, gpusPerNode, map, COST);
        for (RequestTrace request : requests) {
          int source = SampleTokens.sourceNode(request, nodes);
          evaluator.add(
              request.experts()[layer],
              request.topK(),
              request.prefillTokens(),
              request.decodeTokens(),
              source);
          naive.add(request, layer, source);
        }
        PlacementTally tally = evaluator.tally();
        assertThat(tally).isEqualTo(naive.tally(microBatchTokens, decodeStepTokens));
        // The cases must reach what they are there for.
        assertThat(tally.microBatches()).isGreaterThan(1);
        assertThat(tally.decodeSteps()).isGreaterThan(1);
        assertThat(tally.prefillTokens()).isPositive().isLessThan(tally.tokens());
      }
    }
  }

  /** Two racks of two nodes; crossing costs 4 one way and 3 the other. */
  @ParameterizedTest
  @CsvSource({"128", "160"})
  void pricesEachLinkOnceAToken(int slots) {
    List<List<Double>> prices =
        List.of(
            List.of(0.0, 1.0, 4.0, 4.0),
            List.of(1.0, 0.0, 4.0, 4.0),
            List.of(3.0, 3.0, 0.0, 1.0),
            List.of(3.0, 3.0, 1.0, 0.0));
    SlotLayout layout = SlotLayout.of(4, 2, slots);
    int[] map = EplbPlacement.global(SampleTokens.load(SampleTokens.layer(0, 4, 4)), layout);
    LayerEvaluator plain = new LayerEvaluator(layout, map, 128, COST, 256, 64);
    LayerEvaluator priced =
        new LayerEvaluator(layout.on(new Topology(prices, List.of())), map, 128, COST, 256, 64);
    LayerEvaluator even =
        new LayerEvaluator(layout.on(Topologies.racks(4, 4, 1)), map, 128, COST, 256, 64);
    NaiveScore naive = new NaiveScore(4, 2, map, COST);
    for (RequestTrace request : SampleTokens.day(8).subList(0, 25)) {
      int source = SampleTokens.sourceNode(request, 4);
      for (LayerEvaluator evaluator : List.of(plain, priced, even)) {
        evaluator.add(
            request.experts()[0],
            request.topK(),
            request.prefillTokens(),
            request.decodeTokens(),
            source);
      }
      naive.add(request, 0, source);
    }
    PlacementMetrics metrics = priced.tally().metrics();
    assertThat(metrics.trafficCostPerToken()).isEqualTo(naive.trafficCostPerToken(prices));
    assertThat(metrics.remoteNodesPerToken())
        .isEqualTo(plain.tally().metrics().remoteNodesPerToken())
        .isEqualTo(even.tally().metrics().trafficCostPerToken())
        .isLessThan(metrics.trafficCostPerToken());
    assertThat(plain.tally().metrics().trafficCostPerToken()).isNaN();
    assertThatThrownBy(() -> layout.on(new Topology(prices.subList(0, 3), List.of())))
        .hasMessage("The prices are not 4 x 4");
  }

  /** As the independent PlacementScore prints them for day 8 of the samples, --batch 1024. */
  @Test
  void linearOnASampleDayAsScoredElsewhere() {
    PlacementMap linear = PlacementMap.linear(SampleTokens.model());
    assertMetrics(evaluate(linear, 4), 2.7215, 7.3323, 1.4697, 1.1188);
    assertMetrics(evaluate(linear, 8), 4.6720, 7.7719, 1.8008, 1.1492);
  }

  /** As above, for maps with copies that EPLB's own code gave; one has copies that share a GPU. */
  @Test
  void copiesOnASampleDayAsScoredElsewhere() throws IOException {
    assertMetrics(
        evaluate(map("eplb-days4to7-4x8-160slots.json"), 4), 2.6663, 7.3126, 1.3631, 1.1255);
    assertMetrics(
        evaluate(map("eplb-days4to7-8x8-192slots.json"), 8), 4.6166, 7.7315, 1.5359, 1.1313);
  }

  private static void assertMetrics(
      PlacementMetrics metrics,
      double remoteNodes,
      double gpus,
      double gpuLoad,
      double nodeReceive) {
    assertThat(metrics.remoteNodesPerToken()).isCloseTo(remoteNodes, PRINTED);
    assertThat(metrics.gpusPerToken()).isCloseTo(gpus, PRINTED);
    assertThat(metrics.maxOverMeanGpuLoad()).isCloseTo(gpuLoad, PRINTED);
    assertThat(metrics.maxOverMeanNodeReceive()).isCloseTo(nodeReceive, PRINTED);
    assertThat(metrics.microBatches()).isEqualTo(78);
  }

  private static PlacementMetrics evaluate(PlacementMap map, int nodes) {
    PlacementTally tally = PlacementTally.EMPTY;
    for (int layer = 0; layer < map.physicalToLogical().length; layer++) {
      int[] slots = map.physicalToLogical()[layer];
      LayerEvaluator evaluator =
          new LayerEvaluator(SlotLayout.of(nodes, 8, slots.length), slots, 128, FREE, 1024, 256);
      for (RequestTrace request : SampleTokens.day(8)) {
        evaluator.add(
            request.experts()[layer],
            request.topK(),
            request.prefillTokens(),
            request.decodeTokens(),
            SampleTokens.sourceNode(request, nodes));
      }
      tally = tally.plus(evaluator.tally());
    }
    return tally.metrics();
  }

  private static PlacementMap map(String name) throws IOException {
    try (InputStream in = LayerEvaluatorTest.class.getResourceAsStream("/placements/" + name)) {
      return PlacementMaps.read(name, in, SampleTokens.model());
    }
  }

  /** Each micro-batch as the evaluator's listener gets it, against the sums of the tally. */
  @Test
  void reportsTheLoadsOfEveryMicroBatch() {
    SlotLayout layout = SlotLayout.of(4, 2, 128);
    List<long[]> loads = new ArrayList<>();
    List<Double> received = new ArrayList<>();
    LayerEvaluator evaluator =
        new LayerEvaluator(layout, LinearPlacement.place(128, 128), 128, COST, 256, 64)
            .reportTo(
                (tokensOfSlot, most) -> {
                  loads.add(tokensOfSlot.clone());
                  received.add(most);
                });
    long rows = 0;
    for (RequestTrace request : SampleTokens.day(8).subList(0, 25)) {
      evaluator.add(
          request.experts()[0],
          request.topK(),
          request.prefillTokens(),
          request.decodeTokens(),
          SampleTokens.sourceNode(request, 4));
      rows += request.tokens();
    }
    assertThat(loads).hasSize((int) (rows / 256));
    assertThat(loads).allSatisfy(load -> assertThat(LongStream.of(load).sum()).isEqualTo(256 * 8));
    assertThat(received).allSatisfy(most -> assertThat(most).isPositive().isLessThan(256));
    double micros = 0;
    for (int b = 0; b < loads.size(); b++) {
      double slowest = 0;
      for (int g = 0; g < 8; g++) {
        long[] ofGpu = Arrays.copyOfRange(loads.get(b), g * 16, g * 16 + 16);
        long active = LongStream.of(ofGpu).filter(load -> load > 0).count();
        slowest = Math.max(slowest, COST.gpuMicros(LongStream.of(ofGpu).sum(), (int) active));
      }
      micros += slowest + COST.receiveMicros(received.get(b));
    }
    assertThat(evaluator.tally().layerMicros()).isCloseTo(micros, within(1e-6));
    long[] sent = evaluator.sentTokens();
    assertThat(LongStream.of(sent).sum()).isEqualTo(evaluator.tally().remoteNodes());
    for (int n = 0; n < 4; n++) {
      assertThat(sent[n * 5]).isZero();
    }
  }

  /** Six rows on the fast GPU, two on the one with half the speed: 6 to 4, and 1.5 us to 1 us. */
  @Test
  void aSlowGpuTakesLongerForItsRows() {
    SlotLayout layout = new SlotLayout(1, 2, 1).on(Topologies.slow(2, g -> g == 1));
    for (short[] ids :
        List.of(new short[] {0, 0, 0, 0, 0, 0, 1, 1}, new short[] {0, 0, 1, 1, 1, 1, 1, 1})) {
      LayerEvaluator evaluator =
          new LayerEvaluator(layout, new int[] {0, 1}, 2, new CostModel(0.25, 0, 0), 8, 8);
      evaluator.add(ids, 1, 8, 0, 0);
      int ofSlow = (int) IntStream.range(0, 8).filter(i -> ids[i] == 1).count();
      float[] slowness = layout.topology().slowness(2);
      assertThat(evaluator.tally().gpuLoadImbalance())
          .isCloseTo(
              Math.max((8 - ofSlow) * slowness[0], ofSlow * slowness[1]) * 2 / 8, within(1e-6));
      assertThat(evaluator.tally().layerMicros())
          .isEqualTo(Math.max((8 - ofSlow) * 0.25, ofSlow * 0.5));
    }
  }

  /** The phase of rows after the generated tokens is unknown: they count in the totals alone. */
  @Test
  void rowsOfUnknownPhaseCountInNeither() {
    LayerEvaluator evaluator =
        new LayerEvaluator(new SlotLayout(2, 1, 1), new int[] {0, 1}, 2, COST, 100, 2);
    evaluator.add(new short[] {0, 1, 1, 1, 0, 1}, 1, 2, 3, 0);
    PlacementTally tally = evaluator.tally();
    assertThat(tally.tokens()).isEqualTo(6);
    assertThat(tally.remoteNodes()).isEqualTo(4);
    assertThat(tally.prefillTokens()).isEqualTo(2);
    assertThat(tally.remotePrefill()).isEqualTo(1);
    assertThat(tally.decodeTokens()).isEqualTo(3);
    assertThat(tally.remoteDecode()).isEqualTo(2);
    assertThat(tally.decodeSteps()).isEqualTo(1);
    assertThat(tally.activatedExperts()).isEqualTo(1);
    // A prompt longer than the recorded rows.
    evaluator.add(new short[] {0}, 1, 5, 3, 0);
    assertThat(evaluator.tally().prefillTokens()).isEqualTo(3);
    assertThat(evaluator.tally().decodeTokens()).isEqualTo(3);
  }

  /** Both together have the sums of each. */
  @Test
  void talliesAddUp() {
    PlacementTally tally = new PlacementTally(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14);
    assertThat(tally.plus(tally))
        .isEqualTo(new PlacementTally(2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28));
    assertThat(tally.metrics())
        .isEqualTo(
            new PlacementMetrics(
                2, 3, 5 / 4.0, 6 / 4.0, 8 / 7.0, 10 / 9.0, 12 / 11.0, 13 / 4.0, 14, 1, 4));
  }

  @Test
  void whatCannotBeAveragedIsNotANumber() {
    RequestTrace request = SampleTokens.day(8).get(0);
    LayerEvaluator evaluator =
        new LayerEvaluator(
            SlotLayout.of(4, 8, 128), LinearPlacement.place(128, 128), 128, COST, 1 << 20, 1 << 20);
    evaluator.add(
        request.experts()[0], request.topK(), request.prefillTokens(), request.decodeTokens(), 0);
    PlacementMetrics metrics = evaluator.tally().metrics();
    assertThat(metrics.remoteNodesPerToken()).isPositive();
    assertThat(metrics.maxOverMeanGpuLoad()).isNaN();
    assertThat(metrics.layerMicros()).isNaN();
    assertThat(metrics.activatedExpertsPerGpu()).isNaN();
    assertThat(PlacementTally.EMPTY.metrics().remoteNodesPerToken()).isNaN();
  }

  @Test
  void refusesMapsThatDoNotFit() {
    SlotLayout layout = SlotLayout.of(1, 2, 4);
    assertThatThrownBy(() -> new LayerEvaluator(layout, new int[6], 4, COST, 8, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The layer has 6 slots but the cluster 4");
    assertThatThrownBy(() -> new LayerEvaluator(layout, new int[] {0, 1, 2, 2}, 4, COST, 8, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Expert 3 has no slot");
    assertThatThrownBy(() -> new LayerEvaluator(layout, new int[] {0, 1, 2, 4}, 4, COST, 8, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Expert 4 is not one of 0..3");
    assertThatThrownBy(() -> SlotLayout.of(3, 8, 128))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot spread 128 slots evenly over 24 GPUs; take a multiple of 24");
  }
}
