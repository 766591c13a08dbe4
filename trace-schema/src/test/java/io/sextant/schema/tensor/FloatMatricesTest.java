package io.sextant.schema.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.trace.Requests;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FloatMatricesTest {

  @Test
  void f32IsReadAsItIs() throws Exception {
    FloatMatrix matrix = read(SafetensorsBytes.of("F32", "[3, 2]", f32())).get(0);
    assertThat(matrix.name()).isEqualTo("w");
    assertThat(matrix.rows()).isEqualTo(3);
    assertThat(matrix.columns()).isEqualTo(2);
    assertThat(matrix.values())
        .containsExactly(1.5f, -2, Float.NaN, Float.NEGATIVE_INFINITY, 0x1p-149f, 0.1f);
  }

  /** BF16 is the upper half of F32. */
  @Test
  void bf16IsWidened() throws Exception {
    ByteBuffer data = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    data.putShort((short) 0x3fc0)
        .putShort((short) 0xc000)
        .putShort((short) 0xff80)
        .putShort((short) 1);
    FloatMatrix matrix = read(SafetensorsBytes.of("BF16", "[1, 4]", data.array())).get(0);
    assertThat(matrix.rows()).isEqualTo(1);
    assertThat(matrix.columns()).isEqualTo(4);
    assertThat(matrix.values()).containsExactly(1.5f, -2, Float.NEGATIVE_INFINITY, 0x1p-133f);
  }

  @Test
  void matricesAreInTheOrderOfTheirBytes() throws Exception {
    String json =
        "{\"b\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[16,24]},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}";
    List<FloatMatrix> matrices = read(SafetensorsBytes.of(json, f32()));
    assertThat(matrices).extracting(FloatMatrix::name).containsExactly("a", "b");
    assertThat(matrices.get(1).values()).containsExactly(0x1p-149f, 0.1f);
  }

  @Test
  void theFileMayBeCompressed() throws Exception {
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
      out.write(SafetensorsBytes.of("F32", "[2, 3]", f32()));
    }
    assertThat(read(gzip.toByteArray()).get(0).values()).hasSize(6);
    assertThat(fault(Arrays.copyOf(gzip.toByteArray(), gzip.size() - 4)))
        .isEqualTo("the gzip stream ends early");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "F32  | [6]       | 24 | tensor w is F32 [6]; expected a matrix of BF16 or F32",
        "BF16 | [2, 3, 2] | 24 | tensor w is BF16 [2, 3, 2]; expected a matrix of BF16 or F32",
        "F16  | [2, 3]    | 12 | tensor w is F16 [2, 3]; expected a matrix of BF16 or F32",
        "I32  | [2, 3]    | 24 | tensor w is I32 [2, 3]; expected a matrix of BF16 or F32",
        "F32  | [0, 2147483648] | 0 | tensor w has the shape [0, 2147483648]; expected at most"
            + " 2147483647 rows and columns",
        "F32  | [2147483648, 0] | 0 | tensor w has the shape [2147483648, 0]; expected at most"
            + " 2147483647 rows and columns",
      })
  void otherTensorsAreRefused(String dtype, String shape, int bytes, String reason) {
    assertThat(fault(SafetensorsBytes.of(dtype, shape, new byte[bytes]))).isEqualTo(reason);
  }

  @Test
  void aMatrixWithoutRowsHasNoValues() throws Exception {
    FloatMatrix matrix = read(SafetensorsBytes.of("F32", "[0, 2147483647]", new byte[0])).get(0);
    assertThat(matrix.columns()).isEqualTo(Integer.MAX_VALUE);
    assertThat(matrix.values()).isEmpty();
  }

  @Test
  void aMatrixHasLessThan2GiB() {
    long bytes = (1L << 31) - 4;
    String json = "{\"w\":{\"dtype\":\"F32\",\"shape\":[%d,1],\"data_offsets\":[0,%d]}}";
    assertThat(fault(SafetensorsBytes.of(json.formatted(bytes / 4, bytes), new byte[0])))
        .isEqualTo("tensor w has 2,147,483,644 bytes; expected less than 2 GiB");
  }

  @Test
  void theFileEndsWithItsLastMatrix() {
    byte[] file = SafetensorsBytes.of("F32", "[2, 3]", f32());
    assertThat(fault(Arrays.copyOf(file, file.length - 1)))
        .isEqualTo("truncated: expected 24 bytes, found 23");
    assertThat(fault(Arrays.copyOf(file, file.length + 1)))
        .isEqualTo("trailing bytes: the file continues after its last tensor");
  }

  private static byte[] f32() {
    ByteBuffer data = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer()
        .put(new float[] {1.5f, -2, Float.NaN, Float.NEGATIVE_INFINITY, 0x1p-149f, 0.1f});
    return data.array();
  }

  private static List<FloatMatrix> read(byte[] file) throws Exception {
    return FloatMatrices.read(Requests.file("w.safetensors", file));
  }

  private static String fault(byte[] file) {
    return catchThrowableOfType(CorruptTraceException.class, () -> read(file)).getMessage();
  }
}
