package io.sextant.schema.trace.tensorrt;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceStream;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.tensor.LittleEndian;
import io.sextant.schema.tensor.SafetensorsHeader;
import io.sextant.schema.tensor.SafetensorsHeader.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;

/** Reads the rows of a raw file. */
final class RawTensors {
  private static final List<String> DTYPES = List.of("I32", "I64", "I16", "U8");
  private static final int BLOCK_TOKENS = 1 << 10;

  private RawTensors() {}

  /** Receives the tensors one by one, and their rows. */
  interface Rows {
    void begin(StatisticsKey key) throws CorruptTraceException;

    /**
     * @param ids a token's top-k ids; -1 for a value that is not an id. The array is reused for the
     *     next token
     */
    void row(int[] ids) throws CorruptTraceException;

    void end() throws CorruptTraceException;
  }

  /**
   * Passes every tensor of the model's layers to the sink.
   *
   * @return the other tensors' layers
   * @throws CorruptTraceException if the file is damaged or of another model
   */
  static OtherLayers forEach(TraceFile file, ModelSpec model, Rows rows)
      throws CorruptTraceException, IOException {
    OtherLayers others = new OtherLayers();
    try (TraceStream stream = TraceStream.open(file)) {
      SafetensorsHeader header = SafetensorsHeader.read(stream);
      if (header.tensors().isEmpty()) {
        throw new CorruptTraceException("the file has no iterations");
      }
      for (Tensor tensor : header.tensors()) {
        StatisticsKey key = StatisticsKey.of(tensor.name());
        if (key.isMultiTokenPrediction(model)) {
          skip(tensor, header, stream);
          others.add(key);
          continue;
        }
        if (tensor.shape().size() != 2
            || tensor.shape().get(1) != model.topK()
            || !DTYPES.contains(tensor.dtype())) {
          throw new CorruptTraceException(
              "tensor %s is %s %s, expected integers [tokens, %d]"
                  .formatted(key, tensor.dtype(), tensor.shape(), model.topK()));
        }
        rows.begin(key);
        take(tensor, header, stream, model.topK(), rows);
        rows.end();
      }
      SafetensorsHeader.requireEnd(stream);
    }
    return others;
  }

  /** Skips a tensor. */
  static void skip(Tensor tensor, SafetensorsHeader header, TraceStream stream)
      throws CorruptTraceException, IOException {
    try {
      stream.skipNBytes(tensor.bytes());
    } catch (EOFException e) {
      throw truncated(header, stream);
    }
  }

  /** The fault of a file that ends inside a tensor. */
  static CorruptTraceException truncated(SafetensorsHeader header, TraceStream stream) {
    return new CorruptTraceException(
        Faults.truncated(header.dataStart() + header.dataBytes(), stream.position(), stream));
  }

  private static void take(
      Tensor tensor, SafetensorsHeader header, TraceStream stream, int topK, Rows rows)
      throws CorruptTraceException, IOException {
    int item =
        switch (tensor.dtype()) {
          case "U8" -> 1;
          case "I16" -> 2;
          case "I32" -> 4;
          default -> 8;
        };
    long left = tensor.shape().get(0);
    byte[] block = new byte[(int) Math.min(left, BLOCK_TOKENS) * topK * item];
    int[] ids = new int[topK];
    while (left > 0) {
      int tokens = (int) Math.min(left, BLOCK_TOKENS);
      int wanted = tokens * topK * item;
      if (stream.readNBytes(block, 0, wanted) < wanted) {
        throw truncated(header, stream);
      }
      for (int at = 0; at < wanted; ) {
        for (int k = 0; k < topK; k++, at += item) {
          ids[k] = LittleEndian.id(block, at, item, !tensor.dtype().equals("U8"));
        }
        rows.row(ids);
      }
      left -= tokens;
    }
  }
}
