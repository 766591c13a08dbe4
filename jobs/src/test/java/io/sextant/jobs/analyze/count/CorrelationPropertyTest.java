package io.sextant.jobs.analyze.count;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sextant.schema.stats.Estimate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** Properties of correlations that hold for all counts. */
class CorrelationPropertyTest {
  private static final double CLOSE = 1e-9;

  @Property
  void correlationIgnoresScaleAndKnowsItsSign(
      @ForAll @Size(16) List<@LongRange(max = 1_000) Long> counts) {
    long[] x = array(counts);
    long[] twice = Arrays.stream(x).map(value -> 2 * value + 3).toArray();
    long[] against = Arrays.stream(x).map(value -> 1_000 - value).toArray();
    Optional<Correlation> up = Correlation.of(x, twice);
    if (Arrays.stream(x).distinct().count() == 1) {
      assertThat(up).isEmpty();
      return;
    }
    assertThat(up.orElseThrow().pearson()).isCloseTo(1, within(CLOSE));
    assertThat(up.orElseThrow().spearman()).isCloseTo(1, within(CLOSE));
    Correlation down = Correlation.of(x, against).orElseThrow();
    assertThat(down.pearson()).isCloseTo(-1, within(CLOSE));
    assertThat(down.spearman()).isCloseTo(-1, within(CLOSE));
  }

  /** Smile finds ranks by sorting; counting must give the same ranks. */
  @Property
  void correlationOfCountsIsThatOfSmile(
      @ForAll @Size(24) List<@IntRange(max = 12) Integer> a,
      @ForAll @Size(24) List<@IntRange(max = 2_000) Integer> b) {
    int[] x = a.stream().mapToInt(value -> value).toArray();
    int[] y = b.stream().mapToInt(value -> value).toArray();
    Optional<Correlation> found = new CountCorrelation(24).of(x, y);
    Optional<Correlation> expected =
        Correlation.of(
            Arrays.stream(x).asDoubleStream().toArray(),
            Arrays.stream(y).asDoubleStream().toArray());
    assertThat(found.isPresent()).isEqualTo(expected.isPresent());
    found.ifPresent(
        correlation -> {
          assertThat(correlation.pearson())
              .isCloseTo(expected.orElseThrow().pearson(), within(CLOSE));
          assertThat(correlation.spearman())
              .isCloseTo(expected.orElseThrow().spearman(), within(CLOSE));
        });
  }

  @Property
  void meanDoesNotDependOnTheOrder(
      @ForAll @Size(min = 2, max = 40) List<@IntRange(min = -1000, max = 1000) Integer> values,
      @ForAll @IntRange(min = 0, max = 40) int split) {
    CorrelationSums whole = sums(values);
    int at = Math.min(split, values.size());
    CorrelationSums parts =
        sums(values.subList(at, values.size())).plus(sums(values.subList(0, at)));
    assertThat(parts.pearson()).isEqualTo(whole.pearson());
    Estimate estimate = whole.pearson();
    double mean = values.stream().mapToInt(value -> value).average().orElseThrow() / 1_000;
    assertThat(estimate.value()).isCloseTo(mean, within(1e-8));
    assertThat(estimate.low()).isLessThanOrEqualTo(estimate.value());
    assertThat(estimate.high()).isGreaterThanOrEqualTo(estimate.value());
  }

  private static CorrelationSums sums(List<Integer> thousandths) {
    CorrelationSums sums = new CorrelationSums();
    thousandths.forEach(value -> sums.add(new Correlation(value / 1_000.0, value / 1_000.0)));
    return sums;
  }

  private static long[] array(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }
}
