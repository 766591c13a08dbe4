package io.sextant.schema.tensor;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Reads the BF16 and F32 matrices of a safetensors file, plain or compressed by zstd or gzip. */
public final class FloatMatrices {
  private FloatMatrices() {}

  /**
   * Reads all matrices, in the order of their bytes.
   *
   * @throws CorruptTraceException if the file is damaged, or holds a tensor that is not a matrix of
   *     floats
   */
  public static List<FloatMatrix> read(TraceFile file) throws CorruptTraceException, IOException {
    try (TraceStream stream = TraceStream.open(file)) {
      SafetensorsHeader header = SafetensorsHeader.read(stream);
      List<FloatMatrix> matrices = new ArrayList<>();
      for (SafetensorsHeader.Tensor tensor : header.tensors()) {
        matrices.add(matrix(tensor, stream));
      }
      SafetensorsHeader.requireEnd(stream);
      return matrices;
    }
  }

  private static FloatMatrix matrix(SafetensorsHeader.Tensor tensor, TraceStream stream)
      throws CorruptTraceException, IOException {
    boolean bf16 = tensor.dtype().equals("BF16");
    if ((!bf16 && !tensor.dtype().equals("F32")) || tensor.shape().size() != 2) {
      throw new CorruptTraceException(
          "tensor %s is %s %s; expected a matrix of BF16 or F32"
              .formatted(tensor.name(), tensor.dtype(), tensor.shape()));
    }
    if (tensor.bytes() > Integer.MAX_VALUE - 8) {
      throw new CorruptTraceException(
          "tensor %s has %,d bytes; expected less than 2 GiB"
              .formatted(tensor.name(), tensor.bytes()));
    }
    if (tensor.shape().get(0) > Integer.MAX_VALUE || tensor.shape().get(1) > Integer.MAX_VALUE) {
      // Only a matrix without values gets here with such a side.
      throw new CorruptTraceException(
          "tensor %s has the shape %s; expected at most %d rows and columns"
              .formatted(tensor.name(), tensor.shape(), Integer.MAX_VALUE));
    }
    byte[] bytes = stream.readNBytes((int) tensor.bytes());
    if (bytes.length < tensor.bytes()) {
      throw new CorruptTraceException(Faults.truncated(tensor.bytes(), bytes.length, stream));
    }
    ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[bytes.length / (bf16 ? Short.BYTES : Float.BYTES)];
    for (int i = 0; i < values.length; i++) {
      values[i] = bf16 ? Float.intBitsToFloat(data.getShort() << 16) : data.getFloat();
    }
    return new FloatMatrix(
        tensor.name(),
        Math.toIntExact(tensor.shape().get(0)),
        Math.toIntExact(tensor.shape().get(1)),
        values);
  }
}
