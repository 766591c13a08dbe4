package io.sextant.schema.tensor;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Safetensors files whose header a test spells out. */
final class SafetensorsBytes {
  private SafetensorsBytes() {}

  static byte[] of(String json, byte[] data) {
    byte[] header = json.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(length(header.length));
    file.writeBytes(header);
    file.writeBytes(data);
    return file.toByteArray();
  }

  /** A file with one tensor, named w. */
  static byte[] of(String dtype, String shape, byte[] data) {
    return of(
        "{\"w\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[0,%d]}}"
            .formatted(dtype, shape, data.length),
        data);
  }

  static byte[] length(long length) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
  }
}
