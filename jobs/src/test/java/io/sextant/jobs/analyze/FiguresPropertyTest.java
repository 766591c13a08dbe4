package io.sextant.jobs.analyze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** Properties of the figures that hold for all counts. */
class FiguresPropertyTest {
  private static final double CLOSE = 1e-9;

  @Property
  void imbalanceStaysInItsBounds(
      @ForAll @Size(min = 1, max = 64) List<@LongRange(max = 1_000_000) Long> counts) {
    long[] loads = array(counts);
    loads[0]++;
    Imbalance imbalance = Imbalance.of(loads);
    int n = loads.length;
    assertThat(imbalance.maxOverMean()).isBetween(1 - CLOSE, n + CLOSE);
    assertThat(imbalance.meanOverMax() * imbalance.maxOverMean()).isCloseTo(1, within(CLOSE));
    assertThat(imbalance.jain()).isBetween(1.0 / n - CLOSE, 1 + CLOSE);
    assertThat(imbalance.gini()).isBetween(-CLOSE, 1 - 1.0 / n + CLOSE);
    // Jain's index follows from the coefficient of variation: J = 1 / (1 + cv^2).
    assertThat(imbalance.jain()).isCloseTo(1 / (1 + imbalance.cv() * imbalance.cv()), within(1e-7));
  }

  @Property
  void evenLoadIsEven(
      @ForAll @IntRange(min = 1, max = 256) int n,
      @ForAll @LongRange(min = 1, max = 1_000_000) long load) {
    long[] loads = new long[n];
    Arrays.fill(loads, load);
    Imbalance imbalance = Imbalance.of(loads);
    assertThat(imbalance.maxOverMean()).isCloseTo(1, within(CLOSE));
    assertThat(imbalance.jain()).isCloseTo(1, within(CLOSE));
    assertThat(imbalance.cv()).isCloseTo(0, within(1e-6));
    assertThat(imbalance.gini()).isCloseTo(0, within(CLOSE));
  }

  @Property
  void groupsKeepTheSum(
      @ForAll @Size(64) List<@LongRange(max = 1_000_000) Long> counts,
      @ForAll @IntRange(min = 0, max = 6) int power) {
    long[] loads = array(counts);
    long[] grouped = Imbalance.grouped(loads, 1 << power);
    assertThat(LayerLoads.sum(grouped)).isEqualTo(LayerLoads.sum(loads));
    assertThat(grouped[0]).isEqualTo(LayerLoads.sum(Arrays.copyOf(loads, 64 >> power)));
  }

  @Property
  void similarityIsSymmetricAndBounded(
      @ForAll @Size(16) List<@LongRange(max = 1_000_000) Long> a,
      @ForAll @Size(16) List<@LongRange(max = 1_000_000) Long> b) {
    long[] x = array(a);
    long[] y = array(b);
    x[0]++;
    y[1]++;
    Similarity similarity = Similarity.of(x, y);
    Similarity turned = Similarity.of(y, x);
    assertThat(similarity.cosine()).isBetween(0.0, 1 + CLOSE);
    assertThat(similarity.totalVariation()).isBetween(0.0, 1 + CLOSE);
    assertThat(similarity.jensenShannon()).isBetween(0.0, similarity.totalVariation() + CLOSE);
    assertThat(turned.cosine()).isCloseTo(similarity.cosine(), within(CLOSE));
    assertThat(turned.jensenShannon()).isCloseTo(similarity.jensenShannon(), within(CLOSE));
    Similarity same = Similarity.of(x, x);
    assertThat(same.cosine()).isCloseTo(1, within(CLOSE));
    assertThat(same.jensenShannon()).isCloseTo(0, within(CLOSE));
    assertThat(same.totalVariation()).isZero();
  }

  private static long[] array(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }
}
