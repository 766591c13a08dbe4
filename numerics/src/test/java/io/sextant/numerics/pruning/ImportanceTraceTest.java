package io.sextant.numerics.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.tensor.FloatMatrix;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ImportanceTraceTest {
  @Property(tries = 100)
  void theBestAreKeptAndTheOthersLost(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int count) {
    Random random = new Random(seed);
    float[] values = new float[80];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(10) * 0.5f;
    }
    ImportanceTrace trace = ImportanceTrace.of("f", new FloatMatrix("l", 2, 40, values));
    int[] best = trace.best(0, count);
    assertThat(best).hasSize(count).isSorted().doesNotHaveDuplicates();
    float[] sorted = Arrays.copyOf(values, 40);
    Arrays.sort(sorted);
    double least = 0;
    for (int i = 0; i < 40 - count; i++) {
      least += sorted[i];
    }
    assertThat(trace.lost(0, best)).isCloseTo(least, within(1e-6));
    assertThat(trace.lostFollowing(1, count)).isCloseTo(trace.lost(1, best), within(1e-12));
    assertThat(trace.lost(1, trace.best(0, 40))).isZero();
  }

  @Test
  void whatIsNoImportanceIsNamed() {
    assertThatThrownBy(
            () -> ImportanceTrace.of("f", new FloatMatrix("l", 2, 1, new float[] {1, -1})))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "f: l window 1: an importance of -1.0. Record sums of |activation x gradient| again");
    assertThatThrownBy(() -> ImportanceTrace.of("f", new FloatMatrix("l", 1, 1, new float[] {1})))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("f: l: there is 1 window.");
  }
}
