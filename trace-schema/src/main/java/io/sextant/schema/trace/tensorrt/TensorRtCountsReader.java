package io.sextant.schema.trace.tensorrt;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceStream;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.tensor.LittleEndian;
import io.sextant.schema.tensor.SafetensorsHeader;
import io.sextant.schema.tensor.SafetensorsHeader.Tensor;
import io.sextant.schema.trace.LayerCounts;
import io.sextant.schema.trace.LayerRows;
import io.sextant.schema.trace.LoadCounts;
import io.sextant.schema.trace.TraceHints;
import io.sextant.schema.trace.TraceReader;
import io.sextant.schema.trace.TraceSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads TensorRT-LLM's expert statistics, {@code rank{r}.safetensors}: under {@code
 * "{iteration}_{layer}"} the tokens of each logical expert. An iteration, whose layers stand
 * together, is a step of {@link LoadCounts}.
 *
 * <p>Memory: one iteration.
 */
public final class TensorRtCountsReader implements TraceReader {
  private static final Pattern HEADER_KEY =
      Pattern.compile(
          "\"\\d{1,18}_\\d{1,9}\"\\s*:\\s*\\{[^{}]*\"shape\"\\s*:\\s*\\[\\s*\\d+\\s*\\]");
  private static final List<String> DTYPES = List.of("I32", "I64");

  @Override
  public String format() {
    return "tensorrt-llm-counts";
  }

  @Override
  public boolean recognises(TraceFile file, byte[] head) {
    return SafetensorsHeader.mayBegin(head)
        && HEADER_KEY.matcher(new String(head, StandardCharsets.ISO_8859_1)).find();
  }

  @Override
  public void read(TraceFile file, ModelSpec model, TraceHints hints, TraceSink sink)
      throws CorruptTraceException, IOException {
    int[] layers = LayerRows.layersOf(model);
    try (TraceStream stream = TraceStream.open(file)) {
      SafetensorsHeader header = SafetensorsHeader.read(stream);
      LayerCounts counts = null;
      long iteration = -1;
      for (Tensor tensor : header.tensors()) {
        Matcher key = TensorRtRawReader.KEY.matcher(tensor.name());
        if (!key.matches()
            || !DTYPES.contains(tensor.dtype())
            || !tensor.shape().equals(List.of((long) model.experts()))) {
          throw new CorruptTraceException(
              "tensor %s is %s %s, expected {iteration}_{layer} of I32 or I64 [%d]"
                  .formatted(
                      Faults.oneLine(tensor.name()),
                      tensor.dtype(),
                      tensor.shape(),
                      model.experts()));
        }
        int layer = Arrays.binarySearch(layers, Integer.parseInt(key.group(2)));
        if (layer < 0) {
          throw new CorruptTraceException(
              "tensor %s is of a layer that is no MoE layer of %s"
                  .formatted(tensor.name(), model.name()));
        }
        long next = Long.parseLong(key.group(1));
        if (counts == null || next != iteration) {
          if (counts != null) {
            counts.deliver(sink, iteration, file.modifiedMillis());
          }
          counts = new LayerCounts(model);
          iteration = next;
        }
        if (counts.has(layer)) {
          throw new CorruptTraceException(
              "tensor %s is of a layer that the iteration has already".formatted(tensor.name()));
        }
        take(tensor, header, stream, counts, layer);
      }
      if (counts == null) {
        throw new CorruptTraceException("the file has no iterations");
      }
      counts.deliver(sink, iteration, file.modifiedMillis());
      SafetensorsHeader.requireEnd(stream);
    }
  }

  private static void take(
      Tensor tensor, SafetensorsHeader header, TraceStream stream, LayerCounts counts, int layer)
      throws CorruptTraceException, IOException {
    int item = tensor.dtype().equals("I32") ? Integer.BYTES : Long.BYTES;
    byte[] bytes = stream.readNBytes(Math.toIntExact(tensor.shape().get(0)) * item);
    if (bytes.length < tensor.shape().get(0) * item) {
      throw new CorruptTraceException(
          Faults.truncated(header.dataStart() + header.dataBytes(), stream.position(), stream));
    }
    for (int e = 0; e < bytes.length / item; e++) {
      counts.add(layer, e, LittleEndian.whole(bytes, e * item, item));
    }
  }
}
