package io.sextant.numerics.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the layout with output of the library on a GPU. */
class CompressedOperandTest {
  private static final int SIDE = 128;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isWhatTheLibraryWrites(boolean e4m3) throws IOException {
    int bytes = e4m3 ? 1 : 2;
    byte[] file =
        Files.readAllBytes(
            Path.of(
                "src/test/resources/sparse24/cusparselt-0.8.0-%s-128x128.bin"
                    .formatted(e4m3 ? "e4m3" : "bf16")));
    ByteBuffer data = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    float[] matrix = new float[SIDE * SIDE];
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] = e4m3 ? Fp8Format.E4M3.decode(data.get(i)) : Bf16.decode(data.getShort(2 * i));
    }
    int start = bytes * matrix.length;
    float[] kept = CompressedOperand.values(matrix);
    for (int i = 0; i < kept.length; i++) {
      int at = start + bytes * i;
      assertThat(kept[i])
          .isEqualTo(e4m3 ? Fp8Format.E4M3.decode(data.get(at)) : Bf16.decode(data.getShort(at)));
    }
    assertThat(CompressedOperand.places(matrix, SIDE, SIDE, e4m3))
        .isEqualTo(Arrays.copyOfRange(file, start + bytes * kept.length, file.length));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyGroupHasItsHalfByte(boolean e4m3) {
    int rows = 192;
    int columns = 320;
    boolean[] taken = new boolean[rows * columns / TwoOfFour.GROUP];
    for (int row = 0; row < rows; row++) {
      for (int group = 0; group < columns / TwoOfFour.GROUP; group++) {
        int half = CompressedOperand.half(row, group, columns, e4m3);
        assertThat(taken[half]).isFalse();
        taken[half] = true;
      }
    }
  }

  @Test
  void placesTakeAnEighthOfTheValuesInE4m3() {
    assertThat(CompressedOperand.placesBytes(128, 128)).isEqualTo(128 * 128 / 8);
  }
}
