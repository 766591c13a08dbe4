package io.sextant.schema.tensor;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import io.sextant.schema.file.TraceStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The 32-bit and 64-bit integer tensors of a small safetensors file, all held in memory. */
public final class IntegerTensors {
  private static final long MOST_BYTES = 256L << 20;

  private IntegerTensors() {}

  /**
   * @param shape lengths of the dimensions
   * @param values row by row
   */
  public record Tensor(List<Long> shape, long[] values) {}

  /** Whether these are the first bytes of a plain safetensors file and not of a text. */
  public static boolean mayBegin(byte[] bytes) {
    // The highest byte of the header's length is 0, and a text has no byte 0.
    return SafetensorsHeader.mayBegin(bytes) && bytes[Long.BYTES - 1] == 0;
  }

  /**
   * The tensors by name; tensors of other types are left out.
   *
   * @throws CorruptTraceException if the bytes are not a whole safetensors file
   */
  public static Map<String, Tensor> read(byte[] bytes) throws CorruptTraceException, IOException {
    Map<String, Tensor> tensors = new HashMap<>();
    try (TraceStream stream = TraceStream.open(new ByteArrayInputStream(bytes))) {
      SafetensorsHeader header = SafetensorsHeader.read(stream);
      if (header.dataBytes() > MOST_BYTES) {
        throw new CorruptTraceException(
            "%d bytes of tensors, more than a placement has".formatted(header.dataBytes()));
      }
      for (SafetensorsHeader.Tensor tensor : header.tensors()) {
        byte[] data = stream.readNBytes((int) tensor.bytes());
        if (data.length < tensor.bytes()) {
          throw new CorruptTraceException(
              Faults.truncated(
                  header.dataStart() + tensor.end(),
                  header.dataStart() + tensor.begin() + data.length,
                  stream));
        }
        ByteBuffer buffer = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        if (tensor.dtype().equals("I64")) {
          long[] values = new long[data.length / Long.BYTES];
          buffer.asLongBuffer().get(values);
          tensors.put(tensor.name(), new Tensor(tensor.shape(), values));
        } else if (tensor.dtype().equals("I32")) {
          long[] values = new long[data.length / Integer.BYTES];
          for (int i = 0; i < values.length; i++) {
            values[i] = buffer.getInt();
          }
          tensors.put(tensor.name(), new Tensor(tensor.shape(), values));
        }
      }
      SafetensorsHeader.requireEnd(stream);
    }
    return tensors;
  }
}
