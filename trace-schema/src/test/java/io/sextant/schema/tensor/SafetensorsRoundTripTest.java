package io.sextant.schema.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.schema.file.TraceStream;
import io.sextant.schema.trace.Requests;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class SafetensorsRoundTripTest {

  @Property(tries = 100)
  void whatWasWrittenIsRead(
      @ForAll("matrices") Map<String, float[][]> matrices,
      @ForAll @Size(max = 3)
          Map<@StringLength(max = 5) String, @StringLength(max = 9) String> metadata)
      throws Exception {
    Map<String, float[]> values = new LinkedHashMap<>();
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    matrices.forEach(
        (name, rows) -> {
          values.put(name, flat(rows));
          shapes.put(name, List.of((long) rows.length, (long) rows[0].length));
        });
    byte[] file = SafetensorsWriter.floats(metadata, values, shapes);

    SafetensorsHeader header = header(file);
    assertThat(header.metadata()).isEqualTo(metadata);
    assertThat(header.dataStart()).isEqualTo(Long.BYTES + lengthField(file));
    assertThat(header.dataStart() % 8).isZero();
    assertThat(header.dataStart() + header.dataBytes()).isEqualTo(file.length);

    List<FloatMatrix> read = FloatMatrices.read(Requests.file("a.safetensors", file));
    assertThat(read).extracting(FloatMatrix::name).containsExactlyElementsOf(values.keySet());
    for (FloatMatrix matrix : read) {
      assertThat(matrix.rows()).isEqualTo(matrices.get(matrix.name()).length);
      assertThat(matrix.columns()).isEqualTo(matrices.get(matrix.name())[0].length);
      assertThat(matrix.values()).isEqualTo(values.get(matrix.name()));
    }
  }

  @Provide
  Arbitrary<Map<String, float[][]>> matrices() {
    Arbitrary<String> names =
        Arbitraries.strings().alpha().withChars("ä.\"\\層").ofMinLength(1).ofMaxLength(6);
    Arbitrary<float[][]> rows =
        Arbitraries.integers()
            .between(1, 4)
            .flatMap(
                columns ->
                    Arbitraries.floats()
                        .array(float[].class)
                        .ofSize(columns)
                        .array(float[][].class)
                        .ofMinSize(1)
                        .ofMaxSize(4));
    return Arbitraries.maps(names, rows).ofMaxSize(4);
  }

  @Test
  void theFormatIsThatOfSafetensors() throws IOException {
    byte[] file =
        SafetensorsWriter.floats(
            Map.of("model", "olmoe", "format", "pt"),
            Map.of("w", new float[] {1.5f, -2}),
            Map.of("w", List.of(2L)));
    String json =
        "{\"__metadata__\":{\"format\":\"pt\",\"model\":\"olmoe\"},"
            + "\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int length = (json.length() + 7) / 8 * 8;
    assertThat(bytes.getLong()).isEqualTo(length);
    byte[] header = new byte[length];
    bytes.get(header);
    assertThat(new String(header, StandardCharsets.UTF_8))
        .isEqualTo(json + " ".repeat(length - json.length()));
    assertThat(bytes.getFloat()).isEqualTo(1.5f);
    assertThat(bytes.getFloat()).isEqualTo(-2);
    assertThat(bytes.hasRemaining()).isFalse();
  }

  private static SafetensorsHeader header(byte[] file) throws Exception {
    try (TraceStream stream = TraceStream.open(new ByteArrayInputStream(file))) {
      return SafetensorsHeader.read(stream);
    }
  }

  private static long lengthField(byte[] file) {
    return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private static float[] flat(float[][] rows) {
    float[] values = new float[rows.length * rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, values, i * rows[0].length, rows[0].length);
    }
    return values;
  }
}
