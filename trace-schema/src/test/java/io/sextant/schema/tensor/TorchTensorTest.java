package io.sextant.schema.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sextant.schema.file.CorruptTraceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TorchTensorTest {
  private static final long MOST = 1L << 48;

  @ParameterizedTest
  @CsvSource({
    "ByteStorage, 1, false",
    "uint8, 1, false",
    "CharStorage, 1, true",
    "int8, 1, true",
    "uint16, 2, false",
    "ShortStorage, 2, true",
    "int16, 2, true",
    "uint32, 4, false",
    "IntStorage, 4, true",
    "int32, 4, true",
    "uint64, 8, false",
    "LongStorage, 8, true",
    "int64, 8, true"
  })
  void integersHaveAWidthAndMayBeSigned(String type, int bytes, boolean signed) {
    TorchTensor tensor = TorchTensor.inRowOrder(type, "0", 0, 1);
    assertThat(tensor.itemBytes()).isEqualTo(bytes);
    assertThat(tensor.signed()).isEqualTo(signed);
  }

  @ParameterizedTest
  @CsvSource({
    "HalfStorage",
    "BFloat16Storage",
    "FloatStorage",
    "DoubleStorage",
    "BoolStorage",
    "bool"
  })
  void otherTypesAreNotIntegers(String type) {
    assertThat(TorchTensor.inRowOrder(type, "0", 0, 1).itemBytes()).isZero();
  }

  @Test
  void rowOrderHasNoGaps() {
    TorchTensor tensor = TorchTensor.inRowOrder("int32", "7", 3, 2, 3, 4);
    assertThat(tensor.key()).isEqualTo("7");
    assertThat(tensor.offset()).isEqualTo(3);
    assertThat(tensor.stride()).containsExactly(12, 4, 1);
    assertThat(tensor.isInRowOrder()).isTrue();
    assertThat(TorchTensor.inRowOrder("int32", "0", 0, 2, 0, 4).stride()).containsExactly(4, 4, 1);
    assertThat(TorchTensor.inRowOrder("int32", "0", 0).isInRowOrder()).isTrue();
  }

  @Test
  void otherStridesAreNotInRowOrder() {
    assertThat(view(shape(2, 3), shape(1, 2)).isInRowOrder()).isFalse();
    assertThat(view(shape(2, 3), shape(4, 1)).isInRowOrder()).isFalse();
    assertThat(view(shape(2, 3), shape(3, 2)).isInRowOrder()).isFalse();
    assertThat(view(shape(4), shape(0)).isInRowOrder()).isFalse();
    assertThat(view(shape(2, 2, 2), shape(4, 3, 1)).isInRowOrder()).isFalse();
    assertThat(view(shape(2, 2, 2), shape(5, 2, 1)).isInRowOrder()).isFalse();
  }

  /** The stride of a dimension with one index is never used; without values none is. */
  @Test
  void unusedStridesDoNotMatter() {
    assertThat(view(shape(2, 1, 3), shape(3, 99, 1)).isInRowOrder()).isTrue();
    assertThat(view(shape(1, 3), shape(99, 1)).isInRowOrder()).isTrue();
    assertThat(view(shape(2, 0), shape(7, 7)).isInRowOrder()).isTrue();
    assertThat(view(shape(0, 2), shape(7, 7)).isInRowOrder()).isTrue();
  }

  @Test
  void theSpanReachesFromTheFirstToTheLastValue() throws Exception {
    assertThat(view(shape(2, 3), shape(3, 1)).span()).isEqualTo(6);
    assertThat(view(shape(2, 3), shape(1, 2)).span()).isEqualTo(6);
    assertThat(view(shape(2, 3), shape(10, 2)).span()).isEqualTo(15);
    assertThat(view(shape(5, 3), shape(0, 1)).span()).isEqualTo(3);
    assertThat(view(shape(), shape()).span()).isEqualTo(1);
    assertThat(view(shape(3, 0), shape(5, 1)).span()).isZero();
  }

  @Test
  void theSpanHasALimit() throws Exception {
    assertThat(view(shape(2), shape(MOST)).span()).isEqualTo(MOST + 1);
    assertThat(view(shape(MOST + 1), shape(1)).span()).isEqualTo(MOST + 1);
    assertThat(view(shape(MOST / 2 + 1), shape(2)).span()).isEqualTo(MOST + 1);
    assertThat(view(shape(MOST + 1), shape(0)).span()).isEqualTo(1);
    for (TorchTensor absurd :
        new TorchTensor[] {
          view(shape(1), shape(MOST + 1)),
          view(shape(MOST + 2), shape(1)),
          view(shape(MOST + 2), shape(0)),
          view(shape(MOST / 2 + 2), shape(2)),
          view(shape(Long.MAX_VALUE), shape(Long.MAX_VALUE)),
        }) {
      assertThatThrownBy(absurd::span)
          .isInstanceOf(CorruptTraceException.class)
          .hasMessage("a tensor has an absurd stride");
    }
  }

  @Test
  void theNumberOfValuesHasALimit() throws Exception {
    assertThat(TorchTensor.inRowOrder("int32", "0", 0, 2, 3, 4).elements()).isEqualTo(24);
    assertThat(TorchTensor.inRowOrder("int32", "0", 0).elements()).isEqualTo(1);
    assertThat(TorchTensor.inRowOrder("int32", "0", 0, 5, 0, 7).elements()).isZero();
    assertThat(TorchTensor.inRowOrder("int32", "0", 0, MOST / 4, 4).elements()).isEqualTo(MOST);
    for (long[] shape : new long[][] {{MOST + 1}, {MOST, 2}, {2, MOST}, {1L << 40, 1L << 40}}) {
      assertThatThrownBy(() -> view(shape, shape).elements())
          .isInstanceOf(CorruptTraceException.class)
          .hasMessage("a tensor claims more than 281474976710656 values");
    }
  }

  private static TorchTensor view(long[] shape, long[] stride) {
    return new TorchTensor("int32", "0", 0, shape, stride);
  }

  private static long[] shape(long... lengths) {
    return lengths;
  }
}
