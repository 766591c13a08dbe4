package io.sextant.schema.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LittleEndianTest {
  private static final byte[] BYTES = {9, -1, 0, 0, 0x7f, -1, -1, -1, 0x7f, 0, 0, 0, 0, -1};

  @Test
  void idsAreSignedOrNot() {
    assertThat(LittleEndian.id(BYTES, 1, 1, false)).isEqualTo(255);
    assertThat(LittleEndian.id(BYTES, 1, 1, true)).isEqualTo(-1);
    assertThat(LittleEndian.id(BYTES, 0, 2, false)).isEqualTo(0xff09);
    assertThat(LittleEndian.id(BYTES, 0, 2, true)).isEqualTo(-1);
    assertThat(LittleEndian.id(BYTES, 0, 4, true)).isEqualTo(0xff09);
    assertThat(LittleEndian.id(BYTES, 2, 1, true)).isZero();
  }

  @Test
  void aValueThatAnIntCannotHoldIsNoExpert() {
    assertThat(LittleEndian.id(BYTES, 5, 4, true)).isEqualTo(Integer.MAX_VALUE);
    assertThat(LittleEndian.id(BYTES, 5, 8, true)).isEqualTo(Integer.MAX_VALUE);
    assertThat(LittleEndian.id(new byte[] {0, 0, 0, -128}, 0, 4, false)).isEqualTo(-1);
    assertThat(LittleEndian.id(new byte[] {0, 0, 0, 0, 1, 0, 0, 0}, 0, 8, true)).isEqualTo(-1);
    assertThat(LittleEndian.id(BYTES, 6, 8, false)).isEqualTo(-1);
  }

  @Test
  void wholeNumbersAreSigned() {
    assertThat(LittleEndian.whole(BYTES, 1, 1)).isEqualTo(-1);
    assertThat(LittleEndian.whole(BYTES, 1, 4)).isEqualTo(0x7f0000ffL);
    assertThat(LittleEndian.whole(BYTES, 6, 8)).isEqualTo(0xff000000007fffffL);
  }
}
