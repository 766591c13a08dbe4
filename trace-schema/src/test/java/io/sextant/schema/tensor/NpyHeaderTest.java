package io.sextant.schema.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyHeaderTest {

  @ParameterizedTest
  @CsvSource({
    "|u1, 1, false", "|i1, 1, true", "<u2, 2, false", "<i2, 2, true",
    "<u4, 4, false", "<i4, 4, true", "<u8, 8, false", "<i8, 8, true"
  })
  void integersOfEveryWidthAreRead(String dtype, int bytes, boolean signed) throws Exception {
    NpyHeader header = read(array(1, dict(dtype, "False", "(2, 3)"), 6 * bytes));
    assertThat(header.itemBytes()).isEqualTo(bytes);
    assertThat(header.signed()).isEqualTo(signed);
    assertThat(header.shape()).containsExactly(2, 3);
  }

  /** From version 2 on, the header's length has 4 bytes. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void versions1To3AreRead(int version) throws Exception {
    byte[] file = array(version, dict("<i4", "False", "(5,)") + " ".repeat(300), 20);
    MemoryBytes bytes = new MemoryBytes("a.npy", file, 0, file.length);
    assertThat(NpyHeader.read(bytes).shape()).containsExactly(5);
    assertThat(bytes.left()).isEqualTo(20);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 255})
  void otherVersionsAreRefused(int version) {
    assertThat(fault(array(version, dict("<i4", "False", "(5,)"), 20)))
        .isEqualTo(
            "a.npy is of version %d of the NumPy format; versions 1 to 3 are read"
                .formatted(version));
  }

  @Test
  void theShapeMayHaveAnyNumberOfDimensions() throws Exception {
    assertThat(read(array(1, dict("<i2", "False", "()"), 2)).shape()).isEmpty();
    assertThat(read(array(1, dict("<i2", "False", "(7,)"), 14)).shape()).containsExactly(7);
    assertThat(read(array(1, dict("<i2", "False", "( 1,2 , 3 )"), 12)).shape())
        .containsExactly(1, 2, 3);
    assertThat(read(array(1, dict("<i2", "False", "(3, 0, 999999999999999)"), 0)).shape())
        .containsExactly(3, 0, 999999999999999L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<f4 | False | (2, 3)",
        ">i4 | False | (2, 3)",
        "<i3 | False | (2, 3)",
        "|b1 | False | (2, 3)",
        "<i4 | True  | (2, 3)",
        "<i4 | False | (2, -3)",
        "<i4 | False | 2",
        "<i4 | False | (1000000000000000,)",
      })
  void otherArraysAreRefused(String dtype, String fortran, String shape) {
    String dict = dict(dtype, fortran, shape);
    assertThat(fault(array(1, dict, 24)))
        .isEqualTo("a.npy is not an array of integers in row order: " + dict);
  }

  @Test
  void theNumberOfBytesFitsTheShape() {
    assertThat(fault(array(1, dict("<i4", "False", "(2, 3)"), 23)))
        .isEqualTo("a.npy has 23 bytes of values, but its shape [2, 3] needs 24");
    assertThat(fault(array(1, dict("<i4", "False", "(2, 3)"), 25)))
        .isEqualTo("a.npy has 25 bytes of values, but its shape [2, 3] needs 24");
    assertThat(fault(array(1, dict("<i4", "False", "(0, 3)"), 1)))
        .isEqualTo("a.npy has 1 bytes of values, but its shape [0, 3] needs 0");
    assertThat(fault(array(1, dict("|u1", "False", "(2, 3)"), 0)))
        .isEqualTo("a.npy has 0 bytes of values, but its shape [2, 3] needs 6");
    // 2^64 values: the product must not come out as 0.
    assertThat(fault(array(1, dict("|u1", "False", "(4294967296, 4294967296)"), 0)))
        .isEqualTo(
            "a.npy has 0 bytes of values, but its shape [4294967296, 4294967296] needs"
                + " 1125899906842624");
    assertThat(fault(array(1, dict("<i2", "False", "(562949953421312, 2)"), 0)))
        .endsWith("needs 2251799813685248");
  }

  /** A stream does not know its length, so whoever reads the values has to find the end. */
  @Test
  void theLengthOfAStreamIsNotChecked() throws Exception {
    byte[] file = array(1, dict("<i4", "False", "(2, 3)"), 0);
    try (TraceStream stream = TraceStream.open(new ByteArrayInputStream(file))) {
      assertThat(NpyHeader.read(new StreamBytes("a.npy", stream)).shape()).containsExactly(2, 3);
    }
  }

  @Test
  void theHeaderHasAtMost64KiB() throws Exception {
    String dict = dict("<i4", "False", "(1,)");
    String longest = dict + " ".repeat((1 << 16) - dict.length());
    assertThat(read(array(2, longest, 4)).shape()).containsExactly(1);
    assertThat(fault(array(2, longest + " ", 4))).isEqualTo("a.npy claims a header of 65537 bytes");
    byte[] huge = array(2, "", 4);
    Arrays.fill(huge, 8, 12, (byte) 0xff);
    assertThat(fault(huge)).isEqualTo("a.npy claims a header of 4294967295 bytes");
  }

  @Test
  void otherFilesAreNotArrays() {
    byte[] file = array(1, dict("<i4", "False", "(1,)"), 4);
    assertThat(fault("PK\3\4 a zip file".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo("wrong magic: a.npy is not a NumPy array");
    assertThat(fault(Arrays.copyOf(file, 7))).isEqualTo("truncated: a.npy ends 1 bytes too early");
    assertThat(fault(Arrays.copyOf(file, 30))).startsWith("truncated: a.npy ends ");
    assertThat(NpyHeader.begins(file)).isTrue();
    assertThat(NpyHeader.begins(Arrays.copyOf(file, 6))).isTrue();
    assertThat(NpyHeader.begins(Arrays.copyOf(file, 5))).isFalse();
    assertThat(NpyHeader.begins(Arrays.copyOfRange(file, 1, 9))).isFalse();
  }

  private static String dict(String dtype, String fortran, String shape) {
    return "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }".formatted(dtype, fortran, shape);
  }

  private static byte[] array(int version, String header, int dataBytes) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
    for (int i = 0; i < (version == 1 ? 2 : 4); i++) {
      file.write(header.length() >> (8 * i));
    }
    file.writeBytes(header.getBytes(StandardCharsets.ISO_8859_1));
    file.writeBytes(new byte[dataBytes]);
    return file.toByteArray();
  }

  private static NpyHeader read(byte[] file) throws Exception {
    return NpyHeader.read(new MemoryBytes("a.npy", file, 0, file.length));
  }

  private static String fault(byte[] file) {
    return catchThrowableOfType(CorruptTraceException.class, () -> read(file)).getMessage();
  }
}
