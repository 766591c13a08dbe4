package io.sextant.schema.tensor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes safetensors files; {@link SafetensorsHeader} describes the format. */
public final class SafetensorsWriter {
  private static final int ALIGNMENT = 8;

  private SafetensorsWriter() {}

  /**
   * A file of F32 tensors. Equal values give equal bytes.
   *
   * @param metadata texts for {@code __metadata__}
   * @param values each tensor's values, in the order in which they are stored
   * @param shapes the shape of each tensor
   */
  public static byte[] floats(
      Map<String, String> metadata, Map<String, float[]> values, Map<String, List<Long>> shapes) {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("__metadata__", new TreeMap<>(metadata));
    List<float[]> tensors = new ArrayList<>();
    long end = 0;
    for (Map.Entry<String, float[]> tensor : values.entrySet()) {
      long begin = end;
      end += Float.BYTES * (long) tensor.getValue().length;
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("dtype", "F32");
      entry.put("shape", shapes.get(tensor.getKey()));
      entry.put("data_offsets", List.of(begin, end));
      header.put(tensor.getKey(), entry);
      tensors.add(tensor.getValue());
    }
    byte[] json = aligned(header);
    ByteBuffer file =
        ByteBuffer.allocate(Math.toIntExact(Long.BYTES + json.length + end))
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length)
            .put(json);
    for (float[] tensor : tensors) {
      file.asFloatBuffer().put(tensor);
      file.position(file.position() + Float.BYTES * tensor.length);
    }
    return file.array();
  }

  /** The header, padded with spaces so that the tensors of a mapped file are aligned. */
  private static byte[] aligned(Map<String, Object> header) {
    try {
      String json = new ObjectMapper().writeValueAsString(header);
      int bytes = json.getBytes(StandardCharsets.UTF_8).length;
      return (json + " ".repeat((ALIGNMENT - bytes % ALIGNMENT) % ALIGNMENT))
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A map of texts and numbers is JSON", e);
    }
  }
}
