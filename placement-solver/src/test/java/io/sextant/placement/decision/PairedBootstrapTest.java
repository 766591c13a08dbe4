package io.sextant.placement.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sextant.placement.Evaluations;
import io.sextant.placement.SampleTokens;
import io.sextant.placement.baseline.EplbPlacement;
import io.sextant.placement.baseline.LinearPlacement;
import io.sextant.placement.cost.CostModel;
import io.sextant.placement.evaluate.LayerEvaluator;
import io.sextant.placement.evaluate.MicroBatchMeasure;
import io.sextant.placement.evaluate.MicroBatchRecord;
import io.sextant.placement.evaluate.PlacementMetrics;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.stats.Estimate;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PairedBootstrapTest {
  private static final SlotLayout LAYOUT = SlotLayout.of(4, 8, 128);
  private static final CostModel COST = new CostModel(0.01, 0.1, 0.02);

  private static LayerEvaluator evaluated(int[] slots, MicroBatchRecord record) {
    LayerTokens tokens = SampleTokens.layer(3, 4, 8);
    LayerEvaluator evaluator =
        Evaluations.evaluator(LAYOUT, slots, 128, COST, 256, 64).recordInto(record);
    for (int t = 0; t < tokens.tokens(); t++) {
      evaluator.add(
          Arrays.copyOfRange(tokens.ids(), 8 * t, 8 * t + 8),
          8,
          1,
          0,
          tokens.sourceNode()[t] * LAYOUT.gpusPerNode());
    }
    return evaluator;
  }

  /** A layer of a real day; the record's means are the evaluator's own averages. */
  @Test
  void theRecordHoldsWhatTheEvaluatorAverages() {
    MicroBatchRecord record = new MicroBatchRecord();
    PlacementMetrics metrics = evaluated(LinearPlacement.place(128, 128), record).tally().metrics();
    assertThat(record.size()).isEqualTo((int) metrics.microBatches()).isGreaterThan(40);
    assertThat(mean(record, MicroBatchMeasure.MAX_OVER_MEAN_GPU_LOAD))
        .isEqualTo(metrics.maxOverMeanGpuLoad(), within(1e-9));
    assertThat(mean(record, MicroBatchMeasure.MAX_OVER_MEAN_NODE_RECEIVE))
        .isEqualTo(metrics.maxOverMeanNodeReceive(), within(1e-9));
    assertThat(mean(record, MicroBatchMeasure.LAYER_MICROS))
        .isEqualTo(metrics.layerMicros(), within(1e-9));
    // These two count the tokens of the incomplete last micro-batch as well.
    assertThat(mean(record, MicroBatchMeasure.REMOTE_NODES_PER_TOKEN))
        .isEqualTo(metrics.remoteNodesPerToken(), within(0.01));
    assertThat(mean(record, MicroBatchMeasure.GPUS_PER_TOKEN))
        .isEqualTo(metrics.gpusPerToken(), within(0.01));
  }

  private static double mean(MicroBatchRecord record, MicroBatchMeasure measure) {
    return Arrays.stream(record.values(measure)).average().orElseThrow();
  }

  private static double[] micros(int[] slots) {
    MicroBatchRecord record = new MicroBatchRecord();
    evaluated(slots, record);
    return MicroBatchSeries.of(List.<MicroBatchRecord[]>of(new MicroBatchRecord[] {record}))
        .overLayers(MicroBatchMeasure.LAYER_MICROS);
  }

  /** Plans are slow on the same micro-batches, so that pairing tells them apart better. */
  @Test
  void pairingNarrowsTheDifferenceOfTwoPlans() {
    double[] linear = micros(LinearPlacement.place(128, 128));
    double[] eplb =
        micros(
            EplbPlacement.global(SampleTokens.load(SampleTokens.layer(3, 4, 4, 5, 6, 7)), LAYOUT));
    PairedBootstrap bootstrap = PairedBootstrap.over(linear.length, 1);
    Estimate difference = bootstrap.difference(linear, eplb);
    Estimate a = bootstrap.mean(linear);
    Estimate b = bootstrap.mean(eplb);
    assertThat(difference.value()).isEqualTo(a.value() - b.value(), within(1e-9));
    assertThat(difference.high() - difference.low())
        .isLessThan(Math.hypot(a.high() - a.low(), b.high() - b.low()));
    assertThat(bootstrap.relativeGain(linear, eplb).value())
        .isEqualTo(difference.value() / a.value(), within(1e-9));
    assertThat(bootstrap.relativeGain(linear, linear)).isEqualTo(new Estimate(0.0, 0.0, 0.0));
    assertThat(PairedBootstrap.over(linear.length, 1).mean(linear)).isEqualTo(a);
  }

  @Property(tries = 50)
  void theMeanIsInsideAndTheIntervalMovesWithTheSeries(
      @ForAll @IntRange(min = 4, max = 50) int length, @ForAll @IntRange(min = 0) int seed) {
    double[] series = Arrays.copyOf(micros(LinearPlacement.place(128, 128)), length);
    double[] shifted = Arrays.stream(series).map(x -> 2 * x + 5).toArray();
    PairedBootstrap bootstrap = PairedBootstrap.over(length, seed);
    Estimate interval = bootstrap.mean(series);
    assertThat(interval.value())
        .isEqualTo(Arrays.stream(series).average().orElseThrow(), within(1e-9))
        .isBetween(interval.low(), interval.high());
    assertThat(bootstrap.mean(shifted).low()).isEqualTo(2 * interval.low() + 5, within(1e-9));
    assertThat(bootstrap.mean(shifted).high()).isEqualTo(2 * interval.high() + 5, within(1e-9));
  }

  /**
   * Coverage can only be counted where the mean is known, so here numbers are drawn: 78 of them, as
   * two full days have micro-batches, each holding a part of the one before. 400 intervals; the
   * count of a true 95 % is within 3.5 standard deviations of 380 almost always.
   */
  @Test
  void coversTheTrueMeanAsOftenAsItSays() {
    Random random = new Random(5);
    int covered = 0;
    for (int trial = 0; trial < 400; trial++) {
      double[] series = new double[78];
      double last = 0;
      for (int i = 0; i < series.length; i++) {
        last = 0.2 * last + random.nextGaussian();
        series[i] = last;
      }
      Estimate interval = PairedBootstrap.over(series.length, trial).mean(series);
      covered += interval.low() <= 0 && interval.high() >= 0 ? 1 : 0;
    }
    assertThat(covered).isBetween(365, 395);
  }

  @Test
  void refusesTooFewAndUnequalSeries() {
    assertThatThrownBy(() -> PairedBootstrap.over(3, 1))
        .hasMessage("3 micro-batches are fewer than two blocks");
    assertThatThrownBy(() -> PairedBootstrap.over(5, 1).mean(new double[4]))
        .hasMessage("4 micro-batches instead of 5");
    MicroBatchRecord full = new MicroBatchRecord();
    evaluated(LinearPlacement.place(128, 128), full);
    List<MicroBatchRecord[]> ragged =
        List.<MicroBatchRecord[]>of(new MicroBatchRecord[] {full, new MicroBatchRecord()});
    assertThatThrownBy(() -> MicroBatchSeries.of(ragged))
        .hasMessage("The layers do not have the same micro-batches");
  }
}
