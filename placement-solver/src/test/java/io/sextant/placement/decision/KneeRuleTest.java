package io.sextant.placement.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.placement.evaluate.MicroBatchRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KneeRuleTest {
  private static final KneeRule RULE = new KneeRule(0.01, 24, 1);
  private static final int[] SLOTS_PER_GPU = {4, 5, 6, 7, 8};

  private static MicroBatchSeries series(double[] micros) {
    MicroBatchRecord layer = new MicroBatchRecord();
    for (double time : micros) {
      layer.add(1, 4, 1, 1, time);
    }
    return MicroBatchSeries.of(List.<MicroBatchRecord[]>of(new MicroBatchRecord[] {layer}));
  }

  private static List<MicroBatchSeries> plans(int microBatches, double... micros) {
    return Arrays.stream(micros)
        .mapToObj(
            time -> {
              double[] all = new double[microBatches];
              Arrays.fill(all, time);
              return series(all);
            })
        .toList();
  }

  @Test
  void endsWhereAFurtherSlotBringsTooLittle() {
    assertThat(RULE.knee(SLOTS_PER_GPU, plans(48, 100, 95, 92, 91.9, 91.8))).hasValue(2);
  }

  @Test
  void namesNoCopiesIfNoneIsWorthIt() {
    assertThat(RULE.knee(SLOTS_PER_GPU, plans(48, 100, 99.5, 101, 98, 97))).hasValue(0);
  }

  /** Two slots that save 3 % together are worth it, although the first alone is not. */
  @Test
  void goesBeyondAStepThatBringsNothing() {
    assertThat(RULE.knee(SLOTS_PER_GPU, plans(48, 100, 99.9, 97, 96.9, 96.8))).hasValue(2);
  }

  @Test
  void aGainThatIsNotCertainIsNotWorthIt() {
    double[] before = new double[48];
    Arrays.fill(before, 100);
    double[] after = new Random(3).doubles(48, 86, 110).toArray();
    assertThat(RULE.gain(series(before), series(after)).value()).isGreaterThan(0.01);
    assertThat(RULE.knee(new int[] {4, 5}, List.of(series(before), series(after)))).hasValue(0);
  }

  @Test
  void fewMicroBatchesCannotBeJudged() {
    assertThat(RULE.knee(SLOTS_PER_GPU, plans(23, 100, 95, 92, 91.9, 91.8))).isEmpty();
  }
}
