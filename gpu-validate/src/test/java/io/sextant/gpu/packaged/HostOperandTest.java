package io.sextant.gpu.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.numerics.format.Fp8Format;
import io.sextant.numerics.format.Granularity;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HostOperandTest {
  private static final int ROWS = 200;
  private static final int K = 384;

  /** Reads codes and scales as a kernel does, at the places that docs/kernel-packages.md gives. */
  @ParameterizedTest
  @EnumSource(Granularity.class)
  void codesTimesScalesAreTheValues(Granularity granularity) {
    for (HostOperand operand :
        new HostOperand[] {
          HostOperand.exact(granularity, ROWS, K, new Random(1)),
          HostOperand.rounded(granularity, HostOperand.spread(ROWS, K, new Random(2)), ROWS, K)
        }) {
      ByteBuffer scales = ByteBuffer.wrap(operand.scales()).order(ByteOrder.LITTLE_ENDIAN);
      for (int row = 0; row < ROWS; row++) {
        for (int i = 0; i < K; i++) {
          int place =
              switch (granularity) {
                case TENSOR -> 0;
                case ROW -> row;
                case GROUP_128 -> i / 128 * ROWS + row;
                case SQUARE_128 -> row / 128 * 4 + i / 128;
              };
          float code = Fp8Format.E4M3.decode(operand.data()[row * K + i]);
          assertThat(code * scales.getFloat(Float.BYTES * place))
              .isEqualTo(operand.values()[row * K + i]);
        }
      }
    }
  }

  @Test
  void bf16HasNoScales() {
    HostOperand operand = HostOperand.exact(null, 3, 8, new Random(1));
    assertThat(operand.scales()).isEmpty();
    ByteBuffer bits = ByteBuffer.wrap(operand.data()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 24; i++) {
      assertThat(Float.intBitsToFloat(bits.getShort(2 * i) << 16)).isEqualTo(operand.values()[i]);
    }
  }
}
