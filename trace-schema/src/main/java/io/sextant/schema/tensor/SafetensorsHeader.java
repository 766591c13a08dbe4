package io.sextant.schema.tensor;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import io.sextant.schema.file.JsonText;
import io.sextant.schema.file.TraceStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file: its length as an unsigned 64-bit little-endian number, then
 * that many bytes of JSON, then the tensors without a gap (github.com/huggingface/safetensors,
 * "Format").
 *
 * @param metadata the texts under {@code __metadata__}
 * @param tensors the tensors in the order of their bytes, without gaps or overlaps
 * @param dataStart number of bytes before the first tensor
 */
public record SafetensorsHeader(
    Map<String, String> metadata, List<Tensor> tensors, long dataStart) {
  private static final int LENGTH_BYTES = 8;

  /**
   * The reference implementation accepts at most 100 MB; real headers are much smaller than this
   * limit.
   */
  private static final long MOST_HEADER_BYTES = 64L << 20;

  private static final long MOST_TENSOR_BYTES = 1L << 50;

  private static final Map<String, Integer> BYTES_PER_ELEMENT =
      Map.ofEntries(
          Map.entry("BOOL", 1),
          Map.entry("U8", 1),
          Map.entry("I8", 1),
          Map.entry("F8_E4M3", 1),
          Map.entry("F8_E5M2", 1),
          Map.entry("I16", 2),
          Map.entry("U16", 2),
          Map.entry("F16", 2),
          Map.entry("BF16", 2),
          Map.entry("I32", 4),
          Map.entry("U32", 4),
          Map.entry("F32", 4),
          Map.entry("I64", 8),
          Map.entry("U64", 8),
          Map.entry("F64", 8));

  private static final ObjectMapper JSON =
      JsonMapper.builder(JsonText.lenient())
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * @param begin index of the first byte, from the end of the header
   * @param end index after the last byte
   */
  public record Tensor(String name, String dtype, List<Long> shape, long begin, long end) {
    public long bytes() {
      return end - begin;
    }
  }

  /** Whether these may be the first bytes of a safetensors file, regardless of its length field. */
  public static boolean mayBegin(byte[] head) {
    return head.length > LENGTH_BYTES && head[LENGTH_BYTES] == '{';
  }

  /** Number of bytes that follow the header according to it. */
  public long dataBytes() {
    return tensors.isEmpty() ? 0 : tensors.get(tensors.size() - 1).end();
  }

  /**
   * @throws CorruptTraceException if bytes follow the last tensor, or the stream is damaged
   */
  public static void requireEnd(TraceStream stream) throws CorruptTraceException, IOException {
    if (stream.read() >= 0) {
      throw new CorruptTraceException("trailing bytes: the file continues after its last tensor");
    }
    if (stream.damage() != null) {
      throw new CorruptTraceException(stream.damage());
    }
  }

  public static SafetensorsHeader read(TraceStream stream)
      throws CorruptTraceException, IOException {
    byte[] lengthField = stream.readNBytes(LENGTH_BYTES);
    if (lengthField.length < LENGTH_BYTES) {
      throw new CorruptTraceException(Faults.truncated(LENGTH_BYTES, lengthField.length, stream));
    }
    long length = ByteBuffer.wrap(lengthField).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > MOST_HEADER_BYTES) {
      throw new CorruptTraceException(
          "wrong magic: not a safetensors file, its first 8 bytes give a header of %s bytes (at most %d are possible)"
              .formatted(Long.toUnsignedString(length), MOST_HEADER_BYTES));
    }
    // readNBytes allocates only for bytes that arrive, so a wrong length field costs no memory.
    byte[] json = stream.readNBytes((int) length);
    if (json.length < length) {
      throw new CorruptTraceException(
          Faults.truncated(LENGTH_BYTES + length, LENGTH_BYTES + json.length, stream));
    }
    if (json[0] != '{') {
      throw new CorruptTraceException(
          "wrong magic: not a safetensors file, its header begins with byte 0x%02x and not with '{'"
              .formatted(json[0] & 0xFF));
    }
    return parse(json, LENGTH_BYTES + length);
  }

  private static SafetensorsHeader parse(byte[] json, long dataStart)
      throws CorruptTraceException, IOException {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new CorruptTraceException(
          "the header is not JSON: " + Faults.oneLine(e.getOriginalMessage()));
    }
    Map<String, String> metadata = new HashMap<>();
    List<Tensor> tensors = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      if (entry.getKey().equals("__metadata__")) {
        for (Map.Entry<String, JsonNode> text : entry.getValue().properties()) {
          metadata.put(text.getKey(), text.getValue().asText());
        }
      } else {
        tensors.add(tensor(entry.getKey(), entry.getValue()));
      }
    }
    tensors.sort(Comparator.comparingLong(Tensor::begin).thenComparingLong(Tensor::end));
    long end = 0;
    for (Tensor tensor : tensors) {
      if (tensor.begin() != end) {
        throw new CorruptTraceException(
            "tensor %s begins at byte %d, %s"
                .formatted(
                    tensor.name(),
                    tensor.begin(),
                    tensor.begin() < end
                        ? "inside the tensor before it, which ends at " + end
                        : "but the tensor before it ends at " + end));
      }
      end = tensor.end();
    }
    return new SafetensorsHeader(Map.copyOf(metadata), List.copyOf(tensors), dataStart);
  }

  private static Tensor tensor(String name, JsonNode node) throws CorruptTraceException {
    String dtype = node.path("dtype").asText("");
    JsonNode shapeNode = node.path("shape");
    JsonNode offsets = node.path("data_offsets");
    if (!shapeNode.isArray() || !offsets.isArray() || offsets.size() != 2) {
      throw new CorruptTraceException(
          "tensor %s has no dtype, shape or pair of data_offsets".formatted(name));
    }
    List<Long> shape = new ArrayList<>();
    for (JsonNode size : shapeNode) {
      shape.add(natural(name, "shape", size));
    }
    long begin = natural(name, "data_offsets", offsets.get(0));
    long end = natural(name, "data_offsets", offsets.get(1));
    Integer elementBytes = BYTES_PER_ELEMENT.get(dtype);
    if (elementBytes == null) {
      throw new CorruptTraceException(
          "tensor %s has the unknown dtype '%s'".formatted(name, dtype));
    }
    long bytes = elementBytes;
    try {
      for (long size : shape) {
        bytes = Math.multiplyExact(bytes, size);
      }
    } catch (ArithmeticException e) {
      throw new CorruptTraceException("tensor %s has the absurd shape %s".formatted(name, shape));
    }
    if (bytes > MOST_TENSOR_BYTES) {
      throw new CorruptTraceException("tensor %s has the absurd shape %s".formatted(name, shape));
    }
    if (end - begin != bytes) {
      throw new CorruptTraceException(
          "tensor %s of %s %s takes %d bytes, but its data_offsets [%d, %d] give it %d"
              .formatted(name, dtype, shape, bytes, begin, end, end - begin));
    }
    return new Tensor(name, dtype, List.copyOf(shape), begin, end);
  }

  private static long natural(String tensor, String field, JsonNode node)
      throws CorruptTraceException {
    if (!node.canConvertToExactIntegral() || !node.canConvertToLong() || node.longValue() < 0) {
      throw new CorruptTraceException(
          "tensor %s: %s holds %s, not a whole number from 0 on"
              .formatted(tensor, field, Faults.shown(node.toString())));
    }
    return node.longValue();
  }
}
