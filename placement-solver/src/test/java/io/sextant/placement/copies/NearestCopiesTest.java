package io.sextant.placement.copies;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.placement.EngineAnswers;
import io.sextant.placement.SampleTokens;
import io.sextant.schema.placement.PlacementMaps;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class NearestCopiesTest {

  /** Every entry that SGLang's own function gave for EPLB's map, on every rank. */
  @Test
  void equalsTheEnginesOwnAnswer() throws Exception {
    String map = "eplb-days4to7-4x8-160slots.json";
    int[][] rows;
    try (InputStream in = NearestCopiesTest.class.getResourceAsStream("/placements/" + map)) {
      rows = PlacementMaps.read(map, in, SampleTokens.model()).physicalToLogical();
    }
    EngineAnswers answers = EngineAnswers.of("sglang-static-eplb-4x8-160");
    List<CopyViews> views = NearestCopies.of(rows, 128, 4, 8);
    assertThat(views).hasSize(6);
    for (int gpu = 0; gpu < 32; gpu++) {
      assertThat(slots(views.get(0), gpu)).isEqualTo(answers.first()[gpu]);
      assertThat(slots(views.get(5), gpu)).isEqualTo(answers.last()[gpu]);
    }
  }

  private static int[] slots(CopyViews views, int gpu) {
    return Arrays.copyOfRange(views.slot(), gpu * 128, (gpu + 1) * 128);
  }
}
