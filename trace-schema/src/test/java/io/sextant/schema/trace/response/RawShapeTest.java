package io.sextant.schema.trace.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import io.sextant.schema.tensor.NpyHeader;
import io.sextant.schema.trace.routing.MemoryRoutes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values of DeepSeek-V2-Lite: 27 layers of which the first is dense, and top-6. */
class RawShapeTest {
  private static final ModelSpec MODEL = ModelSpecs.load("deepseek-v2-lite");
  private static final int LAYERS = 27;
  private static final int MOE_LAYERS = 26;
  private static final int TOP_K = 6;

  /** As many rows of all layers as {@link #ROWS_OF_MOE_LAYERS} rows of the MoE layers. */
  private static final int ROWS_OF_ALL_LAYERS = MOE_LAYERS;

  private static final int ROWS_OF_MOE_LAYERS = LAYERS;
  private static final int BOTH = LAYERS * MOE_LAYERS;

  /** One byte per id; {@code faulty} says which groups of k ids are no choice of k experts. */
  private static byte[] groups(int count, IntPredicate faulty) {
    ByteBuffer ids = ByteBuffer.allocate(count * TOP_K).order(ByteOrder.LITTLE_ENDIAN);
    for (int group = 0; group < count; group++) {
      for (int k = 0; k < TOP_K; k++) {
        ids.put((byte) (faulty.test(group) && k == TOP_K - 1 ? group % 64 : (group + k) % 64));
      }
    }
    return ids.array();
  }

  private static MemoryRoutes shape(byte[] ids, boolean signed, long rows) throws Exception {
    RouteValue value = new RouteValue("routed_experts", ids, ids.length, null, null, -1, null);
    return RawShape.of(value, new NpyHeader(1, signed, new long[0]), MODEL, rows);
  }

  private static MemoryRoutes shape(byte[] ids, long rows) throws Exception {
    return shape(ids, false, rows);
  }

  @ParameterizedTest
  @CsvSource({"27, 27", "26, 26", "54, 27", "52, 26", "351, 27"})
  void theNumberOfValuesDecidesIfItFitsOneReading(int groups, int layers) throws Exception {
    assertThat(shape(groups(groups, group -> false), -1).header().shape())
        .containsExactly(groups / layers, layers, TOP_K);
  }

  @ParameterizedTest
  @CsvSource({"1", "25", "28", "53"})
  void otherNumbersOfValuesAreRefused(int groups) {
    assertThatThrownBy(() -> shape(groups(groups, group -> false), -1))
        .isInstanceOf(CorruptTraceException.class)
        .hasMessage(
            "routed_experts has %d values, not a multiple of 27 layers (or 26 MoE layers) x top-6"
                .formatted(groups * TOP_K));
  }

  @ParameterizedTest
  @CsvSource({"26, 27", "27, 26"})
  void theNumberOfRowsDecidesIfBothFit(int rows, int layers) throws Exception {
    assertThat(shape(groups(BOTH, group -> false), rows).header().shape())
        .containsExactly(rows, layers, TOP_K);
  }

  /** An engine leaves the rows of dense layers at zero. */
  @ParameterizedTest
  @CsvSource({"-1", "0", "5"})
  void denseLayersDecideIfNoNumberDoes(int rows) throws Exception {
    assertThat(shape(groups(BOTH, group -> group % LAYERS == 0), rows).header().shape())
        .containsExactly(ROWS_OF_ALL_LAYERS, LAYERS, TOP_K);
  }

  @Test
  void anIdBelowZeroIsNoExpert() throws Exception {
    byte[] ids = groups(BOTH, group -> false);
    for (int row = 0; row < ROWS_OF_ALL_LAYERS; row++) {
      ids[row * LAYERS * TOP_K + 2] = -1;
    }
    assertThat(shape(ids, true, -1).header().shape())
        .containsExactly(ROWS_OF_ALL_LAYERS, LAYERS, TOP_K);
  }

  @Test
  void theReadingWithMoreSoundRowsWins() throws Exception {
    // Half of the groups outside of what would be dense layers: they weigh more without those.
    assertThat(
            shape(groups(BOTH, group -> group % LAYERS != 0 && group % 2 == 0), -1)
                .header()
                .shape())
        .containsExactly(ROWS_OF_MOE_LAYERS, MOE_LAYERS, TOP_K);
  }

  /** Only the first 64 rows are tried, in each reading. */
  @Test
  void laterRowsAreNotTried() throws Exception {
    int first = 64 * LAYERS;
    assertThat(
            shape(groups(4 * BOTH, group -> group % LAYERS == 0 && group < first), -1)
                .header()
                .shape())
        .containsExactly(4 * ROWS_OF_ALL_LAYERS, LAYERS, TOP_K);
    assertThatThrownBy(() -> shape(groups(4 * BOTH, group -> group >= first), -1))
        .isInstanceOf(CorruptTraceException.class);
  }

  @Test
  void readingsThatAreEquallySoundAreRefused() {
    assertThatThrownBy(() -> shape(groups(BOTH, group -> false), -1))
        .isInstanceOf(CorruptTraceException.class)
        .hasMessage(
            "routed_experts has 4212 values, which fit 27 layers and also 26 MoE layers: log"
                + " usage.prompt_tokens and completion_tokens beside it");
  }

  @Test
  void noValuesAreNoRows() throws Exception {
    assertThat(shape(new byte[0], -1).tokens()).isZero();
  }
}
