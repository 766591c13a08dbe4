package io.sextant.placement.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.ReplicaChoice;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExpertPositionsTest {

  @Test
  void listsEveryPlaceOfEveryExpert() {
    LayerTokens tokens = SampleTokens.folded(2, 24, 4, 4, 500);
    ExpertPositions positions = ExpertPositions.of(tokens);
    for (int e = 0; e < 24; e++) {
      int expert = e;
      assertThat(
              Arrays.copyOfRange(
                  positions.positions(), positions.start()[e], positions.start()[e + 1]))
          .isEqualTo(IntStream.range(0, 2_000).filter(i -> tokens.ids()[i] == expert).toArray());
    }
    for (int i = 0; i < 2_000; i++) {
      assertThat((int) positions.hash()[i])
          .isEqualTo(ReplicaChoice.hash(i / 4, tokens.ids()[i]) & 0xFFFF);
    }
  }
}
