package io.sextant.schema.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PickledListTest {

  @Test
  void integersStayAnArray() {
    PickledList list = PickledList.of(new Object[] {1L, -2L, (long) Integer.MAX_VALUE, 4L, 5L});
    assertThat(list.numbers()).containsExactly(1, -2, Integer.MAX_VALUE, 4, 5);
    assertThat(list.values()).isEqualTo(List.of(1L, -2L, (long) Integer.MAX_VALUE, 4L, 5L));
    assertThat(list.bytes()).isEqualTo(8 * Integer.BYTES);
  }

  @Test
  void otherValuesMakeItAListOfObjects() {
    PickledList list = PickledList.of(new Object[] {1L, 1L << 31, "a", 2L});
    assertThat(list.numbers()).isNull();
    assertThat(list.values()).isEqualTo(List.of(1L, 1L << 31, "a", 2L));
    assertThat(list.bytes()).isEqualTo(4 * 32);
  }

  @Test
  void anEmptyListTakesNoMemory() {
    PickledList list = new PickledList();
    assertThat(list.bytes()).isZero();
    assertThat(list.numbers()).isEmpty();
    assertThat(list.values()).isEmpty();
  }

  @Test
  void itKnowsWhetherItIsShared() {
    PickledList list = new PickledList();
    assertThat(list.isShared()).isFalse();
    list.share();
    assertThat(list.isShared()).isTrue();
  }
}
