package io.sextant.schema.trace.tensorrt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import io.sextant.schema.file.JsonFaults;
import io.sextant.schema.file.JsonText;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceStream;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.TraceHints;
import io.sextant.schema.trace.TraceReader;
import io.sextant.schema.trace.TraceSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Reads the {@code meta_info.json} beside TensorRT-LLM's statistics. It holds no requests; its
 * properties of the model are checked.
 */
public final class TensorRtMetaInfoReader implements TraceReader {
  private static final ObjectMapper JSON = new ObjectMapper(JsonText.lenient());
  private static final int MOST_BYTES = 1 << 16;
  private static final Pattern BEGINNING =
      Pattern.compile("\\A\\s*\\{\\s*\"num_experts(_per_token)?\"\\s*:");

  @Override
  public String format() {
    return "tensorrt-llm-meta";
  }

  @Override
  public boolean recognises(TraceFile file, byte[] head) {
    return BEGINNING.matcher(new String(head, StandardCharsets.ISO_8859_1)).find();
  }

  @Override
  public void read(TraceFile file, ModelSpec model, TraceHints hints, TraceSink sink)
      throws CorruptTraceException, IOException {
    verify(file, model, hints);
  }

  @Override
  public void verify(TraceFile file, ModelSpec model, TraceHints hints)
      throws CorruptTraceException, IOException {
    try (TraceStream stream = TraceStream.open(file)) {
      byte[] bytes = stream.readNBytes(MOST_BYTES);
      JsonNode info;
      try {
        info = JSON.readTree(bytes);
      } catch (JsonProcessingException e) {
        throw JsonFaults.broken(e, stream, "inside its object");
      }
      checkExperts(info, model, hints);
      check("num_experts_per_token", info, model.topK(), model);
    }
  }

  /** With a load balancer, the engine's number of experts is the number of slots. */
  private static void checkExperts(JsonNode info, ModelSpec model, TraceHints hints)
      throws CorruptTraceException {
    JsonNode value = info.path("num_experts");
    if (value.isInt() && value.intValue() > model.experts() && !model.moeLayers().isEmpty()) {
      StatisticsKey first = new StatisticsKey(0, model.moeLayers().get(0));
      try {
        new SlotIds(hints, model).experts(first, value.intValue(), false);
      } catch (CorruptTraceException e) {
        throw new CorruptTraceException(
            "num_experts is %d, but model %s has %d: with a load balancer TensorRT-LLM writes its slots there; give the map that the load balancer had in force with --current-map MAP"
                .formatted(value.intValue(), model.name(), model.experts()));
      }
      return;
    }
    check("num_experts", info, model.experts(), model);
  }

  private static void check(String field, JsonNode info, int expected, ModelSpec model)
      throws CorruptTraceException {
    JsonNode value = info.path(field);
    if (!value.isInt() || value.intValue() != expected) {
      throw new CorruptTraceException(
          "%s is %s, but model %s has %d"
              .formatted(field, Faults.oneLine(value.toString()), model.name(), expected));
    }
  }
}
