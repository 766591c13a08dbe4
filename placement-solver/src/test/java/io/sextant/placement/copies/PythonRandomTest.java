package io.sextant.placement.copies;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What CPython 3.11.7 printed for the same calls. */
class PythonRandomTest {

  @Test
  void drawsWhatPythonDraws() {
    PythonRandom random = new PythonRandom(42);
    assertThat(random.sample(range(3), 2)).containsExactly(2, 0);
    int[] shuffled = range(10);
    random.shuffle(shuffled);
    assertThat(shuffled).containsExactly(7, 5, 2, 8, 9, 6, 1, 3, 4, 0);
    assertThat(random.sample(range(100), 4)).containsExactly(4, 3, 11, 27);
    assertThat(random.sample(range(100), 7)).containsExactly(29, 64, 77, 3, 71, 25, 91);
    assertThat(IntStream.range(0, 5).map(i -> random.below(1000)))
        .containsExactly(665, 718, 558, 429, 225);
  }

  private static int[] range(int n) {
    return IntStream.range(0, n).toArray();
  }
}
