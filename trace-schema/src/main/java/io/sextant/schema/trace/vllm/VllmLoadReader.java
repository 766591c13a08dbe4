package io.sextant.schema.trace.vllm;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.file.JsonFaults;
import io.sextant.schema.file.JsonText;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceStream;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.LayerAxis;
import io.sextant.schema.trace.LayerCounts;
import io.sextant.schema.trace.LoadCounts;
import io.sextant.schema.trace.TraceHints;
import io.sextant.schema.trace.TraceReader;
import io.sextant.schema.trace.TraceSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Reads vLLM's load statistics (github.com/vllm-project/vllm/pull/41141), as JSON lines. Records
 * with {@code "record_type": "eplb_load_stats"} hold {@code step}, {@code expert_load} [layers]
 * [physical] and {@code p2l_map} [layers][physical], -1 for an unused slot. Other records and those
 * of a draft model are skipped. Every record is a step of {@link LoadCounts}. Steps count from 0 in
 * the order of the file, because the recorder's own {@code step} restarts at each rearrangement.
 *
 * <p>Memory: one record.
 */
public final class VllmLoadReader implements TraceReader {
  private static final JsonFactory JSON = JsonText.strict();
  private static final Pattern RECORD =
      Pattern.compile("\\A\\s*\\{[^\\[{}]{0,1000}\"record_type\"\\s*:\\s*\"");
  private static final String STATISTICS = "eplb_load_stats";

  @Override
  public String format() {
    return "vllm-load";
  }

  @Override
  public boolean recognises(TraceFile file, byte[] head) {
    return RECORD.matcher(new String(head, StandardCharsets.ISO_8859_1)).find();
  }

  @Override
  public void read(TraceFile file, ModelSpec model, TraceHints hints, TraceSink sink)
      throws CorruptTraceException, IOException {
    Steps steps = new Steps(model, file.modifiedMillis());
    try (TraceStream stream = TraceStream.open(file)) {
      try (JsonParser parser = JSON.createParser(stream)) {
        while (parser.nextToken() != null) {
          Line line = new Line(parser.currentLocation().getLineNr(), new HeapShare());
          line.read(parser);
          if (STATISTICS.equals(line.type)) {
            steps.take(line, sink);
          }
        }
      } catch (JsonProcessingException e) {
        throw JsonFaults.broken(e, stream, "inside a record");
      }
      if (stream.damage() != null) {
        throw new CorruptTraceException(
            "after %d bytes %s".formatted(stream.position(), stream.damage()));
      }
    }
    steps.end(sink);
  }

  /** The records that belong to the model. */
  private static final class Steps {
    private final ModelSpec model;
    private final long arrivalMillis;
    private long next;
    private String name;
    private long skipped;
    private CorruptTraceException otherModel;

    Steps(ModelSpec model, long arrivalMillis) {
      this.model = model;
      this.arrivalMillis = arrivalMillis;
    }

    /** The first record with the model's layers gives the model's name. */
    void take(Line line, TraceSink sink) throws CorruptTraceException {
      line.check();
      try {
        LayerAxis.positions(model, line.load.length);
      } catch (CorruptTraceException e) {
        skipped++;
        otherModel = otherModel == null ? line.fault(e.getMessage()) : otherModel;
        return;
      }
      if (next > 0 && !Objects.equals(name, line.model)) {
        skipped++;
        return;
      }
      name = line.model;
      line.counts(model).deliver(sink, next++, arrivalMillis);
    }

    void end(TraceSink sink) throws CorruptTraceException {
      if (next == 0 && otherModel != null) {
        throw otherModel;
      }
      if (next == 0) {
        throw new CorruptTraceException("the file has no record of type " + STATISTICS);
      }
      if (skipped > 0) {
        sink.warn(
            "%d of its %d records are of another model, such as a drafter; they are left out"
                .formatted(skipped, skipped + next));
      }
    }
  }

  /** One line. */
  private static final class Line {
    private static final int MOST_LAYERS = 1 << 12;

    private final int number;
    private final HeapShare share;
    private String type;
    private String model;
    private long step = -1;
    private long[][] load;
    private long[][] logical;

    Line(int number, HeapShare share) {
      this.number = number;
      this.share = share;
    }

    void read(JsonParser parser) throws CorruptTraceException, IOException {
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw fault("it is not a JSON object");
      }
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (field) {
          case "record_type" -> type = String.valueOf(parser.getText());
          case "step" -> step = value == JsonToken.VALUE_NUMBER_INT ? parser.getLongValue() : -1;
          case "model" -> model = value.isScalarValue() ? parser.getText() : null;
          case "expert_load" -> load = matrix(parser, field);
          case "p2l_map" -> logical = matrix(parser, field);
          default -> {}
        }
        parser.skipChildren(); // of a value that is not of the type that the field has
      }
    }

    private long[][] matrix(JsonParser parser, String field)
        throws CorruptTraceException, IOException {
      long[][] rows = new long[16][];
      int count = 0;
      if (parser.currentToken() != JsonToken.START_ARRAY) {
        throw fault(field + " is not a list of layers");
      }
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (parser.currentToken() != JsonToken.START_ARRAY || count == MOST_LAYERS) {
          throw fault(field + " is not a list of layers");
        }
        if (count == rows.length) {
          rows = Arrays.copyOf(rows, 2 * count);
        }
        rows[count++] = row(parser, field);
      }
      return Arrays.copyOf(rows, count);
    }

    private long[] row(JsonParser parser, String field) throws CorruptTraceException, IOException {
      long[] row = new long[64];
      int count = 0;
      share.take(Long.BYTES * (long) row.length);
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
          throw fault(field + " has a value that is not a whole number");
        }
        if (count == row.length) {
          share.take(Long.BYTES * (long) count);
          row = Arrays.copyOf(row, 2 * count);
        }
        row[count++] = parser.getLongValue();
      }
      return Arrays.copyOf(row, count);
    }

    void check() throws CorruptTraceException {
      if (step < 0 || load == null || logical == null || load.length != logical.length) {
        throw fault("it needs step, and expert_load and p2l_map of the same layers");
      }
    }

    LayerCounts counts(ModelSpec model) throws CorruptTraceException {
      try {
        return sum(model);
      } catch (CorruptTraceException e) {
        throw fault(e.getMessage());
      }
    }

    private LayerCounts sum(ModelSpec model) throws CorruptTraceException {
      int[] positions = LayerAxis.positions(model, load.length);
      LayerCounts counts = new LayerCounts(model);
      for (int layer = 0; layer < positions.length; layer++) {
        long[] tokens = load[positions[layer]];
        long[] experts = logical[positions[layer]];
        if (tokens.length != experts.length) {
          throw new CorruptTraceException(
              "layer %d has %d physical experts in expert_load, %d in p2l_map"
                  .formatted(positions[layer], tokens.length, experts.length));
        }
        for (int p = 0; p < tokens.length; p++) {
          if (experts[p] >= 0 || tokens[p] != 0) {
            counts.add(layer, experts[p], tokens[p]);
          }
        }
      }
      return counts;
    }

    private CorruptTraceException fault(String reason) {
      return new CorruptTraceException("line %d: %s".formatted(number, reason));
    }
  }
}
