package io.sextant.schema.trace.tensorrt;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.tensor.SafetensorsHeader;
import io.sextant.schema.trace.TraceHints;
import io.sextant.schema.trace.TraceReader;
import io.sextant.schema.trace.TraceSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads TensorRT-LLM's raw expert statistics of one rank, {@code rank{r}_raw.safetensors}: under
 * {@code "{iteration}_{layer}"} the experts [tokens, k] that the iteration's tokens were sent to,
 * or their slots ({@link SlotIds}).
 *
 * <p>The format has no requests. Each iteration of the rank becomes one request with the
 * iteration's number as its id. The phase of its rows is unknown, because prompt and generated
 * tokens are mixed. Iterations without tokens are skipped. The source rank is in the file's name,
 * the arrival is the time at which the file was written, the domain is {@code unknown}. If the
 * rank's counts file is beside it and the rows differ from its counts, the file is rejected.
 *
 * <p>Memory: one iteration.
 */
public final class TensorRtRawReader implements TraceReader {
  private static final Pattern HEADER_KEY = Pattern.compile("\"\\d{1,18}_\\d{1,9}\"\\s*:\\s*\\{");

  @Override
  public String format() {
    return "tensorrt-llm";
  }

  @Override
  public boolean namesRequests() {
    return false;
  }

  @Override
  public boolean recognises(TraceFile file, byte[] head) {
    return SafetensorsHeader.mayBegin(head)
        && HEADER_KEY.matcher(new String(head, StandardCharsets.ISO_8859_1)).find();
  }

  @Override
  public void read(TraceFile file, ModelSpec model, TraceHints hints, TraceSink sink)
      throws CorruptTraceException, IOException {
    Optional<CountsBeside> beside = CountsBeside.of(file);
    int highest = beside.isPresent() ? -1 : highestId(file, model);
    SlotIds slots = new SlotIds(hints, model);
    RowsCheck check = new RowsCheck(beside, model);
    RawIterations iterations = new RawIterations(model, file, sink, slots, check, highest);
    OtherLayers others = RawTensors.forEach(file, model, iterations);
    iterations.endOfFile();
    check.end(sink);
    slots.remark(sink);
    others.remark(sink);
  }

  private static int highestId(TraceFile file, ModelSpec model)
      throws CorruptTraceException, IOException {
    int[] highest = {-1};
    RawTensors.forEach(
        file,
        model,
        new RawTensors.Rows() {
          @Override
          public void begin(StatisticsKey key) {}

          @Override
          public void row(int[] ids) {
            for (int id : ids) {
              highest[0] = Math.max(highest[0], id);
            }
          }

          @Override
          public void end() {}
        });
    return highest[0];
  }
}
