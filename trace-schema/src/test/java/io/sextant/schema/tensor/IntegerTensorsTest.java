package io.sextant.schema.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sextant.schema.file.CorruptTraceException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IntegerTensorsTest {
  /** An I32 tensor between two others. */
  private static final String THREE =
      "{\"map\":{\"dtype\":\"I64\",\"shape\":[2,1],\"data_offsets\":[0,16]},"
          + "\"counts\":{\"dtype\":\"I32\",\"shape\":[3],\"data_offsets\":[20,32]},"
          + "\"scale\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[16,20]}}";

  private static byte[] three() {
    ByteBuffer data = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    data.putLong(Long.MIN_VALUE + 1).putLong(7).putFloat(0.5f);
    data.putInt(1).putInt(-1).putInt(Integer.MAX_VALUE);
    return SafetensorsBytes.of(THREE, data.array());
  }

  @Test
  void integersOf32And64BitsAreRead() throws Exception {
    Map<String, IntegerTensors.Tensor> tensors = IntegerTensors.read(three());
    assertThat(tensors).containsOnlyKeys("map", "counts");
    assertThat(tensors.get("map").shape()).containsExactly(2L, 1L);
    assertThat(tensors.get("map").values()).containsExactly(Long.MIN_VALUE + 1, 7);
    assertThat(tensors.get("counts").shape()).containsExactly(3L);
    assertThat(tensors.get("counts").values()).containsExactly(1, -1, Integer.MAX_VALUE);
  }

  @Test
  void theFileEndsWithItsLastTensor() {
    byte[] file = three();
    assertThat(fault(Arrays.copyOf(file, file.length - 1)))
        .isEqualTo(
            "truncated: expected %d bytes, found %d".formatted(file.length, file.length - 1));
    // The bytes end inside the first tensor.
    assertThat(fault(Arrays.copyOf(file, file.length - 20)))
        .isEqualTo(
            "truncated: expected %d bytes, found %d".formatted(file.length - 16, file.length - 20));
    assertThat(fault(Arrays.copyOf(file, file.length + 1)))
        .isEqualTo("trailing bytes: the file continues after its last tensor");
  }

  @Test
  void theTensorsHaveAtMost256MiB() {
    String json = "{\"map\":{\"dtype\":\"I32\",\"shape\":[%d],\"data_offsets\":[0,%d]}}";
    long most = 256L << 20;
    assertThat(fault(SafetensorsBytes.of(json.formatted(most / 4 + 1, most + 4), new byte[0])))
        .isEqualTo("268435460 bytes of tensors, more than a placement has");
    assertThat(fault(SafetensorsBytes.of(json.formatted(most / 4, most), new byte[0])))
        .startsWith("truncated: expected ");
  }

  private static String fault(byte[] file) {
    return catchThrowableOfType(CorruptTraceException.class, () -> IntegerTensors.read(file))
        .getMessage();
  }
}
