package io.sextant.jobs.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.jobs.SampleWarehouse;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ClusterSpecs;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlotRangeTest {
  private static List<Integer> slots(String given, String cluster) {
    return new SlotRange(given).of(SampleWarehouse.MODEL, ClusterSpecs.load(cluster));
  }

  @Test
  void aRangeHasEveryNumberThatSpreadsOverTheGpus() {
    assertThat(slots("128..256", "4x8-h200")).containsExactly(128, 160, 192, 224, 256);
    assertThat(slots("128..256", "8x8-h200")).containsExactly(128, 192, 256);
    assertThat(slots("100..170", "4x8-h200")).containsExactly(128, 160);
    assertThat(slots(null, "8x8-h200")).containsExactly(128, 192, 256);
    assertThat(slots("192,128", "8x8-h200")).containsExactly(128, 192);
  }

  @Test
  void refusesWhatHoldsNoNumber() {
    assertRefused("130..150", "it holds no multiple of 32 that is at least 128");
    assertRefused("128..many", "'many' is not a whole number");
    assertRefused("128,130", "cannot hold 128 experts evenly on 32 GPUs");
  }

  private static void assertRefused(String given, String why) {
    assertThatThrownBy(() -> slots(given, "4x8-h200"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(why);
  }
}
