package io.sextant.placement.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sextant.placement.evaluate.MicroBatchMeasure;
import io.sextant.placement.evaluate.MicroBatchRecord;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class DecisionRuleTest {
  private static final DecisionRule RULE = new DecisionRule(0.005, 24, 1);
  private static final MovingCost FREE = new MovingCost(0, 0, 1, 24);

  /** Two layers that differ; only their mean counts. */
  private static MicroBatchSeries series(int microBatches, IntToDoubleFunction micros) {
    MicroBatchRecord[] layers = {new MicroBatchRecord(), new MicroBatchRecord()};
    for (int b = 0; b < microBatches; b++) {
      double time = micros.applyAsDouble(b);
      layers[0].add(time / 10, 4, 1 + time / 1000, 1, time - 5);
      layers[1].add(time / 10, 4, 1 + time / 1000, 2, time + 5);
    }
    return MicroBatchSeries.of(List.<MicroBatchRecord[]>of(layers));
  }

  private static Decision decide(double gain, MovingCost moving) {
    return RULE.decide(series(48, b -> 100), series(48, b -> 100 * (1 - gain)), moving);
  }

  @Test
  void publishesAGainBeyondTheLeast() {
    Decision decision = decide(0.01, FREE);
    assertThat(decision.verdict()).isEqualTo(Verdict.PUBLISH);
    assertThat(decision.microBatches()).isEqualTo(48);
    assertThat(decision.least()).isEqualTo(0.005);
    assertThat(decision.moving()).isEqualTo(FREE);
    assertThat(decision.gain().value()).isCloseTo(0.01, within(1e-9));
    assertThat(decision.currentLayerMicros().value()).isCloseTo(100, within(1e-9));
    assertThat(decision.candidateLayerMicros().value()).isCloseTo(99, within(1e-9));
    assertThat(decision.savedRemoteNodes().value()).isCloseTo(0.1, within(1e-9));
    assertThat(decision.savedGpuLoad().value()).isCloseTo(0.001, within(1e-9));
    assertThat(decision.savedNodeReceive().value()).isCloseTo(0, within(1e-9));
    assertThat(decision.reason())
        .isEqualTo(
            "The layer time falls by 1.00 % [1.00, 1.00], more than the 0.50 % that a move has to"
                + " bring.");
  }

  @Test
  void keepsTheMapForAGainThatIsNotWorthTheMove() {
    assertThat(decide(0.004, FREE).verdict()).isEqualTo(Verdict.KEEP);
    assertThat(decide(-0.01, FREE).verdict()).isEqualTo(Verdict.KEEP);
    // 86.4 GB over 1 GB/s are 86.4 s: 2 % of 1.2 hours.
    MovingCost dear = new MovingCost(86_400_000_000L, 86_400_000_000L, 1, 1.2);
    Decision decision = decide(0.01, dear);
    assertThat(decision.least()).isCloseTo(0.02, within(1e-12));
    assertThat(decision.verdict()).isEqualTo(Verdict.KEEP);
    assertThat(decision.reason())
        .isEqualTo("A gain of 1.00 % [1.00, 1.00] of the layer time is not worth a move (2.00 %).");
  }

  /** A difference that may be 2 % or nothing: neither is excluded. */
  @Test
  void leavesOpenWhatNoiseCovers() {
    Random random = new Random(3);
    double[] noise = random.doubles(48, -8, 6).toArray();
    Decision decision = RULE.decide(series(48, b -> 100), series(48, b -> 100 + noise[b]), FREE);
    assertThat(decision.gain().low()).isLessThan(0.005);
    assertThat(decision.gain().high()).isGreaterThan(0.005);
    assertThat(decision.gain().high() - decision.gain().low()).isGreaterThan(0.01);
    assertThat(decision.verdict()).isEqualTo(Verdict.INSUFFICIENT_EVIDENCE);
    assertThat(decision.reason()).startsWith("A gain of ").endsWith("that a move has to bring.");
  }

  /**
   * The interval holds zero and ends beyond the least, but a gain of that size would have shown.
   */
  @Test
  void keepsTheMapIfAGainWouldHaveShown() {
    DecisionRule strict = new DecisionRule(0.02, 24, 1);
    Random random = new Random(3);
    double[] noise = random.doubles(48, -8, 6).toArray();
    Decision decision = strict.decide(series(48, b -> 100), series(48, b -> 100 + noise[b]), FREE);
    assertThat(decision.verdict()).isEqualTo(Verdict.KEEP);
  }

  @Test
  void fewMicroBatchesAreNoEvidence() {
    Decision decision = RULE.decide(series(23, b -> 100), series(23, b -> 50), FREE);
    assertThat(decision.verdict()).isEqualTo(Verdict.INSUFFICIENT_EVIDENCE);
    assertThat(decision.reason())
        .isEqualTo("23 held-out micro-batches are fewer than the 24 that a judgement needs.");
    assertThat(decision.microBatches()).isEqualTo(23);
    assertThat(decision.gain()).isNull();
    assertThat(RULE.decide(series(24, b -> 100), series(24, b -> 50), FREE).verdict())
        .isEqualTo(Verdict.PUBLISH);
    assertThatThrownBy(() -> RULE.decide(series(24, b -> 1), series(25, b -> 1), FREE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The plans have 24 and 25 micro-batches");
  }

  /** Files follow each other in time; layers are averaged. */
  @Test
  void stretchesAreJoinedInOrder() {
    MicroBatchRecord[] first = {new MicroBatchRecord(), new MicroBatchRecord()};
    MicroBatchRecord[] second = {new MicroBatchRecord(), new MicroBatchRecord()};
    for (int l = 0; l < 2; l++) {
      first[l].add(1 + l, 2, 3, 4, 5);
      second[l].add(11 + l, 12, 13, 14, 15);
      second[l].add(21 + l, 22, 23, 24, 25);
    }
    MicroBatchSeries joined = MicroBatchSeries.of(List.of(first, second));
    assertThat(joined.microBatches()).isEqualTo(3);
    assertThat(joined.overLayers(MicroBatchMeasure.REMOTE_NODES_PER_TOKEN))
        .containsExactly(1.5, 11.5, 21.5);
    assertThat(joined.overLayers(MicroBatchMeasure.LAYER_MICROS)).containsExactly(5, 15, 25);
    assertThat(MicroBatchSeries.aligned(new MicroBatchRecord[0])).isFalse();
    assertThat(MicroBatchSeries.aligned(new MicroBatchRecord[] {first[0], null})).isFalse();
    assertThat(MicroBatchSeries.aligned(new MicroBatchRecord[] {first[0], second[0]})).isFalse();
    assertThat(MicroBatchSeries.aligned(second)).isTrue();
    assertThatThrownBy(
            () -> MicroBatchSeries.of(List.of(first, new MicroBatchRecord[] {second[0]})))
        .hasMessage("The layers do not have the same micro-batches");
  }

  /** 10 GB to one of 4 nodes at 400 GB/s are 25 ms; of an hour they are 7 millionths. */
  @Test
  void aMoveCostsItsTimeOverTheTimeUntilTheNextRefresh() {
    MovingCost moving = new MovingCost(40_000_000_000L, 10_000_000_000L, 400, 1);
    assertThat(moving.moveMicros()).isEqualTo(25_000);
    assertThat(moving.shareOfLayerTime()).isEqualTo(25e-3 / 3600);
  }

  /** Two nodes of two GPUs; slots 0 and 1 trade GPUs, and a copy of expert 2 comes to node 1. */
  @Test
  void onlyExpertsThatAGpuLacksAreMoved() {
    int[][] current = {{0, 1, 2, 3}};
    ArrivingBytes swapped = ArrivingBytes.between(2, 2, current, new int[][] {{1, 0, 2, 3}}, 7);
    assertThat(swapped.all()).isEqualTo(14);
    assertThat(swapped.busiestNode()).isEqualTo(14);
    int[][] wider = {{1, 0, 0, 1, 3, 2, 3, 2}};
    ArrivingBytes grown = ArrivingBytes.between(2, 2, current, wider, 7);
    assertThat(grown.all()).isEqualTo(28);
    assertThat(grown.busiestNode()).isEqualTo(14);
    assertThat(ArrivingBytes.between(2, 2, current, current, 7).all()).isZero();
  }

  @Test
  void refusesWhatIsNoRule() {
    assertThatThrownBy(() -> new DecisionRule(-0.1, 24, 1))
        .hasMessage("The least gain (-0.1) must be a share from 0 to 1");
    assertThatThrownBy(() -> new DecisionRule(0, 3, 1))
        .hasMessage("3 micro-batches are too few for an interval");
    assertThatThrownBy(() -> new MovingCost(1, 1, 0, 24))
        .hasMessage(
            "The link rate (0.0) and the hours until the next refresh (24.0) must be positive");
    assertThatThrownBy(() -> new MovingCost(1, 2, 1, 24))
        .hasMessage("A node cannot receive 2 of 1 bytes");
  }
}
