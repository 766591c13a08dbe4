package io.sextant.schema.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsHeaderTest {
  private static final byte[] NOTHING = {};

  @ParameterizedTest
  @CsvSource({
    "BOOL, 1",
    "U8, 1",
    "I8, 1",
    "F8_E4M3, 1",
    "F8_E5M2, 1",
    "I16, 2",
    "U16, 2",
    "F16, 2",
    "BF16, 2",
    "I32, 4",
    "U32, 4",
    "F32, 4",
    "I64, 8",
    "U64, 8",
    "F64, 8"
  })
  void eachDtypeHasItsWidth(String dtype, int width) throws Exception {
    SafetensorsHeader header = read(SafetensorsBytes.of(dtype, "[3, 2]", new byte[6 * width]));
    SafetensorsHeader.Tensor tensor = header.tensors().get(0);
    assertThat(tensor.dtype()).isEqualTo(dtype);
    assertThat(tensor.shape()).containsExactly(3L, 2L);
    assertThat(tensor.bytes()).isEqualTo(6L * width);
    assertThat(header.dataBytes()).isEqualTo(6L * width);
    assertThat(fault(SafetensorsBytes.of(dtype, "[3, 2]", new byte[6 * width + 1])))
        .isEqualTo(
            "tensor w of %s [3, 2] takes %d bytes, but its data_offsets [0, %d] give it %d"
                .formatted(dtype, 6 * width, 6 * width + 1, 6 * width + 1));
  }

  @Test
  void tensorsAreInTheOrderOfTheirBytes() throws Exception {
    SafetensorsHeader header = read(file(tensor("a", 1, 2, 3) + "," + tensor("b", 2, 0, 2)));
    assertThat(header.tensors())
        .extracting(SafetensorsHeader.Tensor::name)
        .isEqualTo(List.of("b", "a"));
    assertThat(header.dataBytes()).isEqualTo(3);
    assertThat(read(file("")).dataBytes()).isZero();
    assertThat(read(file("\"__metadata__\":{\"a\":\"b\"}")).metadata()).containsEntry("a", "b");
  }

  /** A tensor without values takes no bytes, so its neighbour may begin at the same byte. */
  @Test
  void tensorsHaveNoGapsAndDoNotOverlap() throws Exception {
    assertThat(read(file(tensor("a", 0, 0, 0) + "," + tensor("b", 2, 0, 2))).tensors()).hasSize(2);
    assertThat(fault(file(tensor("a", 2, 0, 2) + "," + tensor("b", 2, 1, 3))))
        .isEqualTo("tensor b begins at byte 1, inside the tensor before it, which ends at 2");
    assertThat(fault(file(tensor("a", 2, 0, 2) + "," + tensor("b", 2, 3, 5))))
        .isEqualTo("tensor b begins at byte 3, but the tensor before it ends at 2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "U4  | [2]    | [0, 2] | tensor w has the unknown dtype 'U4'",
        "U8  | [1.5]  | [0, 1] | tensor w: shape holds 1.5, not a whole number from 0 on",
        "U8  | [-1]   | [0, 1] | tensor w: shape holds -1, not a whole number from 0 on",
        "U8  | [\"2\"] | [0, 2] | tensor w: shape holds \"2\", not a whole number from 0 on",
        "U8  | [1]    | [-1, 0] | tensor w: data_offsets holds -1, not a whole number from 0 on",
        "U8  | [9223372036854775808] | [0, 1] | tensor w: shape holds 9223372036854775808, not a"
            + " whole number from 0 on",
        "F32 | [4611686018427387904] | [0, 1] | tensor w has the absurd shape"
            + " [4611686018427387904]",
        "U8  | [1125899906842625] | [0, 1125899906842625] | tensor w has the absurd shape"
            + " [1125899906842625]",
      })
  void aTensorWithAFaultIsNamed(String dtype, String shape, String offsets, String reason) {
    String json =
        "{\"w\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}"
            .formatted(dtype, shape, offsets);
    assertThat(fault(SafetensorsBytes.of(json, NOTHING))).isEqualTo(reason);
  }

  @Test
  void aTensorMayHaveAPebibyte() throws Exception {
    long most = 1L << 50;
    SafetensorsHeader header =
        read(
            SafetensorsBytes.of(
                "{\"w\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[0,%d]}}"
                    .formatted(most, most),
                NOTHING));
    assertThat(header.dataBytes()).isEqualTo(most);
  }

  @Test
  void otherFilesAreNotSafetensors() throws Exception {
    assertThat(fault(new byte[] {2, 0, 0})).isEqualTo("truncated: expected 8 bytes, found 3");
    assertThat(fault(SafetensorsBytes.length(1)))
        .isEqualTo(
            "wrong magic: not a safetensors file, its first 8 bytes give a header of 1 bytes (at"
                + " most 67108864 are possible)");
    assertThat(fault(SafetensorsBytes.length(-1))).contains("of 18446744073709551615 bytes");
    assertThat(fault(SafetensorsBytes.length((64L << 20) + 1))).contains("of 67108865 bytes");
    assertThat(fault(SafetensorsBytes.length(64L << 20)))
        .isEqualTo("truncated: expected 67108872 bytes, found 8");
    assertThat(fault(SafetensorsBytes.of("[]", NOTHING)))
        .isEqualTo(
            "wrong magic: not a safetensors file, its header begins with byte 0x5b and not with"
                + " '{'");
    assertThat(fault(SafetensorsBytes.of("{\"a\"}", NOTHING)))
        .startsWith("the header is not JSON: ");
    assertThat(fault(SafetensorsBytes.of("{}{}", NOTHING))).startsWith("the header is not JSON: ");
    assertThat(fault(file(tensor("a", 0, 0, 0) + "," + tensor("a", 0, 0, 0))))
        .startsWith("the header is not JSON: ");
    assertThat(read(SafetensorsBytes.of("{}", NOTHING)).tensors()).isEmpty();
  }

  @Test
  void theFirstBytesShowWhetherAFileMayBeOne() {
    byte[] file = file("");
    assertThat(SafetensorsHeader.mayBegin(file)).isTrue();
    assertThat(SafetensorsHeader.mayBegin(Arrays.copyOf(file, 9))).isTrue();
    assertThat(SafetensorsHeader.mayBegin(Arrays.copyOf(file, 8))).isFalse();
    assertThat(SafetensorsHeader.mayBegin("{\"rows\": [1]}".getBytes(StandardCharsets.US_ASCII)))
        .isFalse();
    // A text may have a brace at the same place.
    byte[] text = "expert: {1}".getBytes(StandardCharsets.US_ASCII);
    assertThat(SafetensorsHeader.mayBegin(text)).isTrue();
    assertThat(IntegerTensors.mayBegin(text)).isFalse();
    assertThat(IntegerTensors.mayBegin(file)).isTrue();
  }

  @Test
  void nothingFollowsTheLastTensor() throws Exception {
    assertThatCode(() -> requireEnd(NOTHING)).doesNotThrowAnyException();
    assertThat(
            catchThrowableOfType(CorruptTraceException.class, () -> requireEnd(new byte[1]))
                .getMessage())
        .isEqualTo("trailing bytes: the file continues after its last tensor");
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    new GZIPOutputStream(gzip).close();
    byte[] cut = Arrays.copyOf(gzip.toByteArray(), gzip.size() - 4);
    assertThat(
            catchThrowableOfType(CorruptTraceException.class, () -> requireEnd(cut)).getMessage())
        .isEqualTo("the gzip stream ends early");
  }

  private static void requireEnd(byte[] rest) throws Exception {
    try (TraceStream stream = TraceStream.open(new ByteArrayInputStream(rest))) {
      SafetensorsHeader.requireEnd(stream);
    }
  }

  private static String tensor(String name, int length, int begin, int end) {
    return "\"%s\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[%d,%d]}"
        .formatted(name, length, begin, end);
  }

  private static byte[] file(String entries) {
    return SafetensorsBytes.of("{" + entries + "}", NOTHING);
  }

  private static SafetensorsHeader read(byte[] file) throws Exception {
    try (TraceStream stream = TraceStream.open(new ByteArrayInputStream(file))) {
      return SafetensorsHeader.read(stream);
    }
  }

  private static String fault(byte[] file) {
    return catchThrowableOfType(CorruptTraceException.class, () -> read(file)).getMessage();
  }
}
