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
import java.util.regex.Pattern;

/**
 * Reads TensorRT-LLM's expert statistics of one rank, {@code rank{r}.safetensors}: under {@code
 * "{iteration}_{layer}"} the number of tokens that chose each expert, or, with a load balancer,
 * each slot ({@link SlotIds}). An iteration, whose layers are consecutive, is one step of {@link
 * LoadCounts}.
 *
 * <p>Ranks that see the same tokens write the same bytes, so a second file adds nothing. With
 * attention data parallelism, each rank counts its own tokens.
 *
 * <p>Memory: one iteration.
 */
public final class TensorRtCountsReader implements TraceReader {
  private static final Pattern HEADER_KEY =
      Pattern.compile(
          "\"\\d{1,18}_\\d{1,9}\"\\s*:\\s*\\{[^{}]*\"shape\"\\s*:\\s*\\[\\s*\\d+\\s*\\]");
  private static final int MOST_POSITIONS = 1 << 20;

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
    SlotIds slots = new SlotIds(hints, model);
    OtherLayers others = new OtherLayers();
    try (TraceStream stream = TraceStream.open(file)) {
      SafetensorsHeader header = SafetensorsHeader.read(stream);
      LayerCounts counts = null;
      long iteration = -1;
      for (Tensor tensor : header.tensors()) {
        StatisticsKey key = StatisticsKey.of(tensor.name());
        if (key.isMultiTokenPrediction(model)) {
          RawTensors.skip(tensor, header, stream);
          others.add(key);
          continue;
        }
        requireCounts(tensor, model);
        int layer = key.index(layers, model);
        int[] experts = slots.experts(key, tensor.shape().get(0), false);
        if (counts == null || key.iteration() != iteration) {
          if (counts != null) {
            counts.deliver(sink, iteration, file.modifiedMillis());
          }
          counts = new LayerCounts(model);
          iteration = key.iteration();
        }
        if (counts.has(layer)) {
          throw new CorruptTraceException(
              "tensor %s is of a layer that the iteration already has".formatted(key));
        }
        byte[] bytes = stream.readNBytes((int) tensor.bytes());
        if (bytes.length < tensor.bytes()) {
          throw RawTensors.truncated(header, stream);
        }
        add(bytes, CountsBeside.itemBytes(tensor.dtype()), experts, layer, counts);
      }
      if (counts == null) {
        throw new CorruptTraceException("the file has no iterations");
      }
      counts.deliver(sink, iteration, file.modifiedMillis());
      SafetensorsHeader.requireEnd(stream);
    }
    slots.remark(sink);
    others.remark(sink);
  }

  private static void requireCounts(Tensor tensor, ModelSpec model) throws CorruptTraceException {
    if (CountsBeside.itemBytes(tensor.dtype()) == 0
        || tensor.shape().size() != 1
        || tensor.shape().get(0) > MOST_POSITIONS) {
      throw new CorruptTraceException(
          "tensor %s is %s %s, expected {iteration}_{layer} of I32 or I64 [%d]"
              .formatted(
                  Faults.oneLine(tensor.name()), tensor.dtype(), tensor.shape(), model.experts()));
    }
  }

  private static void add(byte[] bytes, int item, int[] experts, int layer, LayerCounts counts)
      throws CorruptTraceException {
    for (int i = 0; i < bytes.length / item; i++) {
      int expert = experts == null ? i : experts[i];
      counts.add(layer, expert, LittleEndian.whole(bytes, i * item, item));
    }
  }
}
