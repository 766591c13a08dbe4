package io.sextant.placement.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sextant.placement.EngineAnswers;
import io.sextant.placement.Evaluations;
import io.sextant.placement.NaiveScore;
import io.sextant.placement.NaiveScore.Phase;
import io.sextant.placement.SampleTokens;
import io.sextant.placement.Topologies;
import io.sextant.placement.baseline.EplbPlacement;
import io.sextant.placement.baseline.LinearPlacement;
import io.sextant.placement.copies.LayerDispatch;
import io.sextant.placement.cost.CostModel;
import io.sextant.placement.cost.LinkCosts;
import io.sextant.placement.cost.RooflineWork;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.problem.Topology;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.RouterKnowledge;
import io.sextant.schema.spec.ServingProfile;
import io.sextant.schema.spec.Transport;
import io.sextant.schema.trace.RequestTrace;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class LayerEvaluatorTest {
  private static final CostModel COST = new CostModel(0.25, 12.5, 0.5);
  private static final CostModel FREE = new CostModel(0, 0, 0);

  /** The scorer that made the expectations prints four decimals. */
  private static final Offset<Double> PRINTED = within(0.5e-4 + 1e-9);

  private static final CostModel LINKED =
      new CostModel(new RooflineWork(0.25, 12.5), new LinkCosts(0.5, 2, 16));

  @ParameterizedTest
  @CsvSource({
    "4, 8, 128, 256, 64, IDEAL",
    "4, 8, 160, 256, 64, IDEAL",
    "4, 8, 160, 256, 64, RANDOM",
    "4, 8, 160, 256, 64, TOKEN_HASH",
    "4, 8, 160, 256, 64, RANK",
    "4, 8, 160, 256, 64, ROUND_ROBIN",
    "4, 8, 160, 256, 64, NEAREST",
    "8, 8, 192, 300, 33, IDEAL",
    "8, 8, 192, 300, 33, TOKEN_HASH",
    "8, 8, 384, 300, 33, ROUND_ROBIN",
    "8, 2, 144, 1, 1, RANK",
    "3, 5, 150, 100, 90, TOKEN_HASH",
    "1, 4, 128, 256, 64, IDEAL",
    "9, 8, 144, 256, 64, IDEAL",
    "36, 4, 288, 256, 64, TOKEN_HASH",
    "40, 8, 320, 256, 64, RANK"
  })
  void equalsTheRulesWrittenOutWithSets(
      int nodes, int gpusPerNode, int slots, int prefillTokens, int decodeTokens, CopyRule rule)
      throws IOException {
    List<RequestTrace> requests = SampleTokens.day(8).subList(0, 25);
    SlotLayout layout = SlotLayout.of(nodes, gpusPerNode, slots);
    int[] map =
        rule == CopyRule.NEAREST
            ? map("eplb-days4to7-4x8-160slots.json").physicalToLogical()[0]
            : EplbPlacement.global(SampleTokens.load(SampleTokens.layer(0, 4, 4)), layout);
    int[][] nearest =
        rule == CopyRule.NEAREST ? EngineAnswers.of("sglang-static-eplb-4x8-160").first() : null;
    NaiveScore naive = new NaiveScore(layout, map, rule, nearest);
    requests.forEach(request -> naive.add(request, 0, SampleTokens.sourceGpu(request, layout)));
    for (Transport transport : Transport.values()) {
      LayerEvaluator evaluator =
          new LayerEvaluator(
              LayerDispatch.of(rule, layout, map, 128),
              Evaluations.profile(rule, transport, prefillTokens, decodeTokens),
              ServedPhases.BOTH,
              LINKED);
      requests.forEach(request -> add(evaluator, request, 0, layout));
      PlacementTally tally = evaluator.tally();
      assertThat(tally.main())
          .isEqualTo(naive.tally(phase -> true, prefillTokens, transport, LINKED));
      assertThat(tally.prefill())
          .isEqualTo(naive.tally(Phase.PREFILL::equals, prefillTokens, transport, LINKED));
      assertThat(tally.decode())
          .isEqualTo(naive.tally(Phase.DECODE::equals, decodeTokens, transport, LINKED));
      // The cases must reach what they are there for.
      assertThat(tally.main().batches()).isGreaterThan(1);
      assertThat(tally.prefill().batches()).isGreaterThan(1);
      assertThat(tally.decode().batches()).isGreaterThan(1);
    }
  }

  private static void add(
      LayerEvaluator evaluator, RequestTrace request, int layer, SlotLayout layout) {
    evaluator.add(
        request.experts()[layer],
        request.topK(),
        request.prefillTokens(),
        request.decodeTokens(),
        SampleTokens.sourceGpu(request, layout));
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
    LayerEvaluator plain = Evaluations.evaluator(layout, map, 128, COST, 256, 64);
    LayerEvaluator priced =
        Evaluations.evaluator(layout.on(new Topology(prices, List.of())), map, 128, COST, 256, 64);
    LayerEvaluator even =
        Evaluations.evaluator(layout.on(Topologies.racks(4, 4, 1)), map, 128, COST, 256, 64);
    for (RequestTrace request : SampleTokens.day(8).subList(0, 25)) {
      for (LayerEvaluator evaluator : List.of(plain, priced, even)) {
        add(evaluator, request, 0, layout);
      }
    }
    PlacementMetrics metrics = priced.tally().metrics();
    double cost = 0;
    for (int from = 0; from < 4; from++) {
      for (int to = 0; to < 4; to++) {
        cost += plain.sentTokens()[from * 4 + to] * prices.get(from).get(to);
      }
    }
    assertThat(metrics.trafficCostPerToken()).isEqualTo(cost / metrics.tokens());
    assertThat(metrics.remoteNodesPerToken())
        .isEqualTo(plain.tally().metrics().remoteNodesPerToken())
        .isEqualTo(even.tally().metrics().trafficCostPerToken())
        .isLessThan(metrics.trafficCostPerToken());
    assertThat(plain.tally().metrics().trafficCostPerToken()).isNaN();
    assertThatThrownBy(() -> layout.on(new Topology(prices.subList(0, 3), List.of())))
        .hasMessage("The prices are not 4 x 4");
  }

  /**
   * As an independent scorer prints them for day 8 of the samples in batches of 1,024: remote
   * nodes, remote sends, GPUs, max/mean GPU load, max/mean node receive. The maps with copies are
   * EPLB's own; one has copies that share a GPU.
   */
  @ParameterizedTest
  @CsvFileSource(resources = "/placements/scored-elsewhere.csv", numLinesToSkip = 1)
  void aSampleDayAsScoredElsewhere(
      String name,
      int nodes,
      CopyRule rule,
      double remoteNodes,
      double remoteSends,
      double gpus,
      double gpuLoad,
      double nodeReceive)
      throws IOException {
    PlacementMap map =
        name.equals("linear") ? PlacementMap.linear(SampleTokens.model()) : map(name);
    SlotLayout layout = SlotLayout.of(nodes, 8, map.slots(0));
    List<LayerDispatch> dispatches =
        LayerDispatch.ofMap(rule, layout, map.physicalToLogical(), 128);
    PlacementTally tally = PlacementTally.EMPTY;
    for (int layer = 0; layer < dispatches.size(); layer++) {
      LayerEvaluator evaluator =
          new LayerEvaluator(
              dispatches.get(layer),
              Evaluations.profile(rule, Transport.NODE_DEDUPLICATED, 1024, 256),
              ServedPhases.BOTH,
              FREE);
      for (RequestTrace request : SampleTokens.day(8)) {
        add(evaluator, request, layer, layout);
      }
      tally = tally.plus(evaluator.tally());
    }
    PlacementMetrics metrics = tally.metrics();
    assertThat(metrics.remoteNodesPerToken()).isCloseTo(remoteNodes, PRINTED);
    assertThat(metrics.remoteSendsPerToken()).isCloseTo(remoteSends, PRINTED);
    assertThat(metrics.gpusPerToken()).isCloseTo(gpus, PRINTED);
    assertThat(metrics.maxOverMeanGpuLoad()).isCloseTo(gpuLoad, PRINTED);
    assertThat(metrics.maxOverMeanNodeReceive()).isCloseTo(nodeReceive, PRINTED);
    assertThat(metrics.microBatches()).isEqualTo(78);
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
        Evaluations.evaluator(layout, LinearPlacement.place(128, 128), 128, COST, 256, 64)
            .reportTo(
                (tokensOfSlot, most) -> {
                  loads.add(tokensOfSlot.clone());
                  received.add(most);
                });
    long rows = 0;
    for (RequestTrace request : SampleTokens.day(8).subList(0, 25)) {
      add(evaluator, request, 0, layout);
      rows += request.tokens();
    }
    assertThat(loads).hasSize((int) (rows / 256));
    assertThat(loads).allSatisfy(load -> assertThat(LongStream.of(load).sum()).isEqualTo(256 * 8));
    assertThat(received).allSatisfy(most -> assertThat(most).isPositive().isLessThan(256));
    double micros = 0;
    for (int b = 0; b < loads.size(); b++) {
      double slowest = 0;
      for (int g = 0; g < 8; g++) {
        slowest = Math.max(slowest, COST.gpuMicros(loads.get(b), g * 16, g * 16 + 16));
      }
      micros += slowest + COST.receiveMicros(received.get(b));
    }
    assertThat(evaluator.tally().main().layerMicros()).isCloseTo(micros, within(1e-6));
    long[] sent = evaluator.sentTokens();
    assertThat(LongStream.of(sent).sum()).isEqualTo(evaluator.tally().main().remoteNodes());
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
          Evaluations.evaluator(layout, new int[] {0, 1}, 2, new CostModel(0.25, 0, 0), 8, 8);
      evaluator.add(ids, 1, 8, 0, 0);
      int ofSlow = (int) IntStream.range(0, 8).filter(i -> ids[i] == 1).count();
      float[] slowness = layout.topology().slowness(2);
      assertThat(evaluator.tally().main().gpuLoadImbalance())
          .isCloseTo(
              Math.max((8 - ofSlow) * slowness[0], ofSlow * slowness[1]) * 2 / 8, within(1e-6));
      assertThat(evaluator.tally().main().layerMicros())
          .isEqualTo(Math.max((8 - ofSlow) * 0.25, ofSlow * 0.5));
    }
  }

  /** The phase of rows after the generated tokens is unknown: they count in the totals alone. */
  @Test
  void rowsOfUnknownPhaseCountInNeither() {
    LayerEvaluator evaluator =
        Evaluations.evaluator(new SlotLayout(2, 1, 1), new int[] {0, 1}, 2, COST, 100, 2);
    evaluator.add(new short[] {0, 1, 1, 1, 0, 1}, 1, 2, 3, 0);
    PlacementTally tally = evaluator.tally();
    assertThat(tally.main().tokens()).isEqualTo(6);
    assertThat(tally.main().remoteNodes()).isEqualTo(4);
    assertThat(tally.prefill().tokens()).isEqualTo(2);
    assertThat(tally.prefill().remoteNodes()).isEqualTo(1);
    assertThat(tally.decode().batches()).isEqualTo(1);
    assertThat(tally.decode().tokens()).isEqualTo(2);
    assertThat(tally.decode().leftOut()).isEqualTo(1);
    assertThat(tally.decode().remoteNodes()).isEqualTo(2);
    assertThat(tally.decode().activatedExperts()).isEqualTo(1);
    // A prompt longer than the recorded rows.
    evaluator.add(new short[] {0}, 1, 5, 3, 0);
    assertThat(evaluator.tally().prefill().tokens()).isEqualTo(3);
    assertThat(evaluator.tally().decode().tokens()).isEqualTo(2);
  }

  /** GPUs of one phase have one stream, in that phase's batches and with its transport. */
  @Test
  void aPoolOfOnePhaseHasItsStreamAlone() {
    SlotLayout layout = SlotLayout.of(2, 2, 4);
    ServingProfile profile =
        new ServingProfile(
            "test",
            "sglang",
            CopyRule.IDEAL,
            Transport.NODE_DEDUPLICATED,
            Transport.PER_EXPERT,
            true,
            4,
            2,
            RouterKnowledge.NOTHING);
    LayerDispatch dispatch =
        LayerDispatch.of(CopyRule.IDEAL, layout, LinearPlacement.place(4, 4), 4);
    short[] ids = {2, 3, 2, 3, 2, 3, 2, 3};
    LayerEvaluator prefill =
        new LayerEvaluator(dispatch, profile, ServedPhases.PREFILL, new CostModel(0, 0, 1));
    prefill.add(ids, 2, 4, 0, 0);
    assertThat(prefill.tally().main()).isEqualTo(prefill.tally().prefill());
    assertThat(prefill.tally().main().layerMicros()).isEqualTo(4);
    assertThat(prefill.tally().decode()).isEqualTo(StreamTally.EMPTY);
    LayerEvaluator decode =
        new LayerEvaluator(dispatch, profile, ServedPhases.DECODE, new CostModel(0, 0, 1));
    decode.add(ids, 2, 0, 4, 0);
    assertThat(decode.tally().main()).isEqualTo(decode.tally().decode());
    assertThat(decode.tally().main().batches()).isEqualTo(2);
    // Each of a node's two ports takes half of the node's rate.
    assertThat(decode.tally().main().layerMicros()).isEqualTo(2 * 2 * 2);
    assertThat(decode.tally().prefill()).isEqualTo(StreamTally.EMPTY);
  }

  /** Both together have the sums of each. */
  @Test
  void talliesAddUp() {
    StreamTally tally = new StreamTally(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);
    assertThat(tally.plus(tally))
        .isEqualTo(new StreamTally(2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26));
    assertThat(tally.metrics())
        .isEqualTo(
            new StreamMetrics(
                3, 4, 5, 7 / 6.0, 8 / 6.0, 9 / 6.0, 10 / 6.0, 11 / 6.0, 12 / 6.0, 13, 1, 2, 6));
    PlacementTally all = new PlacementTally(tally, tally.plus(tally), StreamTally.EMPTY);
    assertThat(all.plus(all).main()).isEqualTo(tally.plus(tally));
    assertThat(all.plus(all).prefill().tokens()).isEqualTo(4);
    assertThat(all.plus(all).decode()).isEqualTo(StreamTally.EMPTY);
  }

  @Test
  void whatCannotBeAveragedIsNotANumber() {
    RequestTrace request = SampleTokens.day(8).get(0);
    LayerEvaluator evaluator =
        Evaluations.evaluator(
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
    assertThatThrownBy(() -> Evaluations.evaluator(layout, new int[6], 4, COST, 8, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The layer has 6 slots but the cluster 4");
    assertThatThrownBy(() -> Evaluations.evaluator(layout, new int[] {0, 1, 2, 2}, 4, COST, 8, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Expert 3 has no slot");
    assertThatThrownBy(() -> Evaluations.evaluator(layout, new int[] {0, 1, 2, 4}, 4, COST, 8, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Expert 4 is not one of 0..3");
    assertThatThrownBy(() -> SlotLayout.of(3, 8, 128))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot spread 128 slots evenly over 24 GPUs; take a multiple of 24");
  }
}
