package io.sextant.schema.trace.sglang;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import io.sextant.schema.file.FileNames;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceStream;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.LayerCounts;
import io.sextant.schema.trace.LayerRows;
import io.sextant.schema.trace.LoadCounts;
import io.sextant.schema.trace.TraceHints;
import io.sextant.schema.trace.TraceReader;
import io.sextant.schema.trace.TraceSink;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the table that SGLang wrote before its recorder had modes (until May 2025, {@code
 * expert_distribution_rank{r}_timestamp{t}.csv}): lines of {@code layer_id,expert_id,count}. The
 * whole table is one step of {@link LoadCounts}. Experts are logical, because SGLang had no copies
 * of experts then.
 */
public final class SglangCsvReader implements TraceReader {
  private static final String HEADER = "layer_id,expert_id,count";
  private static final Pattern LINE = Pattern.compile("(\\d{1,9}),(\\d{1,9}),(\\d{1,18})");

  @Override
  public String format() {
    return "sglang-csv";
  }

  @Override
  public boolean recognises(TraceFile file, byte[] head) {
    return new String(head, StandardCharsets.ISO_8859_1).startsWith(HEADER);
  }

  @Override
  public void read(TraceFile file, ModelSpec model, TraceHints hints, TraceSink sink)
      throws CorruptTraceException, IOException {
    int[] layers = LayerRows.layersOf(model);
    LayerCounts counts = new LayerCounts(model);
    try (TraceStream stream = TraceStream.open(file);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      int number = 1;
      if (!HEADER.equals(lines.readLine())) {
        throw new CorruptTraceException("line 1: expected " + HEADER);
      }
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        Matcher fields = LINE.matcher(line.strip());
        if (!fields.matches()) {
          throw new CorruptTraceException(
              "line %d: '%s' is not %s".formatted(number, Faults.oneLine(line), HEADER));
        }
        long tokens = Long.parseLong(fields.group(3));
        int layer = Arrays.binarySearch(layers, Integer.parseInt(fields.group(1)));
        long expert = Long.parseLong(fields.group(2));
        if (expert >= model.experts()) {
          throw new CorruptTraceException(
              "line %d: expert %d is not below num_experts %d"
                  .formatted(number, expert, model.experts()));
        }
        if (layer >= 0) {
          counts.add(layer, expert, tokens);
        } else if (tokens > 0) {
          throw new CorruptTraceException(
              "line %d: layer %s is not a MoE layer of %s"
                  .formatted(number, fields.group(1), model.name()));
        }
      }
      if (stream.damage() != null) {
        throw new CorruptTraceException("line %d: %s".formatted(number, stream.damage()));
      }
    }
    if (!counts.deliver(sink, 0, FileNames.sglangDumpMillis(file))) {
      throw new CorruptTraceException("the table counts no tokens");
    }
  }
}
