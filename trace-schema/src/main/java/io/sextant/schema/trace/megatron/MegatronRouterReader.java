package io.sextant.schema.trace.megatron;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.FileNames;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.file.JsonFaults;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceStream;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.LayerRows;
import io.sextant.schema.trace.RequestHead;
import io.sextant.schema.trace.TraceHints;
import io.sextant.schema.trace.TraceReader;
import io.sextant.schema.trace.TraceSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Reads Megatron-Core's router trace of one rank, JSON lines {@code {"step", "stage", "block",
 * "layer", "rank", "num_tokens", "topk", "top_indices": [[expert ids]]}}.
 *
 * <p>The format knows no requests: the tokens that pass all MoE layers together, a rank's
 * micro-batch, become one, with ids counted from 0 in the order of the file; all rows count as
 * prefill. Lines of another block than the decoder (multi-token prediction) are left out. Arrival
 * is when the file was written, the domain {@code unknown}.
 *
 * <p>Memory: one micro-batch.
 */
public final class MegatronRouterReader implements TraceReader {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final Pattern FIELD = Pattern.compile("\"top_indices\"\\s*:\\s*\\[");
  private static final Pattern BEGINNING = Pattern.compile("\\A\\s*\\{\\s*\"[a-z_]{1,20}\"\\s*:");

  @Override
  public String format() {
    return "megatron";
  }

  @Override
  public boolean recognises(TraceFile file, byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    return BEGINNING.matcher(text).find() && FIELD.matcher(text).find();
  }

  @Override
  public void read(TraceFile file, ModelSpec model, TraceHints hints, TraceSink sink)
      throws CorruptTraceException, IOException {
    MicroBatches batches = new MicroBatches(model, sink, file.modifiedMillis());
    try (TraceStream stream = TraceStream.open(file)) {
      try (JsonParser parser = JSON.createParser(stream)) {
        Line line = new Line(model.topK());
        while (parser.nextToken() != null) {
          if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new CorruptTraceException(
                batches.next,
                "line %d is no JSON object".formatted(parser.currentLocation().getLineNr()));
          }
          line.read(parser, batches.share);
          batches.take(line);
        }
      } catch (JsonProcessingException e) {
        throw JsonFaults.broken(e, stream, "inside a line");
      }
      if (stream.damage() != null) {
        throw new CorruptTraceException(
            "after %d bytes %s".formatted(stream.position(), stream.damage()));
      }
    }
    batches.end();
  }

  /** One line of the file. */
  private static final class Line {
    private static final int FIRST_ROOM_TOKENS = 64;

    private final int topK;
    private int[] ids;
    private int taken;
    private long number;
    private long step;
    private long layer;
    private long rank;
    private long tokens;
    private String block;

    Line(int topK) {
      this.topK = topK;
      this.ids = new int[FIRST_ROOM_TOKENS * topK];
    }

    void read(JsonParser parser, HeapShare share) throws CorruptTraceException, IOException {
      number = parser.currentLocation().getLineNr();
      step = -1;
      layer = -1;
      rank = 0;
      tokens = -1;
      block = "decoder";
      taken = -1;
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (field) {
          case "step" -> step = whole(parser, field);
          case "layer" -> layer = whole(parser, field);
          case "rank" -> rank = whole(parser, field);
          case "num_tokens" -> tokens = whole(parser, field);
          case "block" -> block = String.valueOf(parser.getText());
          case "top_indices" -> {
            if (value != JsonToken.START_ARRAY) {
              throw fault("top_indices is not a list");
            }
            indices(parser, share);
          }
          default -> parser.skipChildren();
        }
      }
      if (step < 0 || layer < 0 || taken < 0) {
        throw fault("it has no step, layer or top_indices");
      }
      if (tokens >= 0 && tokens != taken / topK) {
        throw fault("num_tokens is %d, but top_indices has %d".formatted(tokens, taken / topK));
      }
    }

    private void indices(JsonParser parser, HeapShare share)
        throws CorruptTraceException, IOException {
      taken = 0;
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
          throw fault("a token is not a list of expert ids");
        }
        if (taken + topK > ids.length) {
          share.take((long) Integer.BYTES * ids.length);
          ids = Arrays.copyOf(ids, Math.multiplyExact(2, ids.length));
        }
        int end = taken + topK;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw fault("an expert id is not a whole number");
          }
          if (taken == end) {
            throw fault("a token has more than %d experts".formatted(topK));
          }
          long id = parser.getLongValue();
          ids[taken++] = id < 0 || id > Integer.MAX_VALUE ? -1 : (int) id;
        }
        if (taken != end) {
          throw fault("a token has %d experts, not %d".formatted(topK - (end - taken), topK));
        }
      }
    }

    private long whole(JsonParser parser, String field) throws CorruptTraceException, IOException {
      if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT || parser.getLongValue() < 0) {
        throw fault(field + " is not a whole number from 0 on");
      }
      return parser.getLongValue();
    }

    CorruptTraceException fault(String reason) {
      return new CorruptTraceException("line %d: %s".formatted(number, reason));
    }
  }

  /** Puts the layers of the micro-batches together. */
  private static final class MicroBatches {
    private final ModelSpec model;
    private final int[] layers;
    private final TraceSink sink;
    private final long arrivalMillis;
    private final HeapShare share = new HeapShare();
    private LayerRows rows;
    private int layersTaken;
    private long step;
    private int rank;
    private long next;

    MicroBatches(ModelSpec model, TraceSink sink, long arrivalMillis) throws CorruptTraceException {
      this.model = model;
      this.layers = LayerRows.layersOf(model);
      this.sink = sink;
      this.arrivalMillis = arrivalMillis;
    }

    void take(Line line) throws CorruptTraceException {
      if (!line.block.equals("decoder")) {
        return;
      }
      int layer =
          line.layer > Integer.MAX_VALUE ? -1 : Arrays.binarySearch(layers, (int) line.layer);
      if (layer < 0) {
        throw line.fault("layer %d is no MoE layer of %s".formatted(line.layer, model.name()));
      }
      if (line.taken == 0) {
        throw line.fault("it has no tokens");
      }
      if (line.rank > Short.MAX_VALUE) {
        throw line.fault("rank %d is absurd".formatted(line.rank));
      }
      if (rows == null) {
        rows = new LayerRows(model, share);
        layersTaken = 0;
        step = line.step;
        rank = (int) line.rank;
      } else if (line.step != step || line.rank != rank) {
        throw line.fault(
            "step %d, rank %d begins, but step %d, rank %d has %d of %d MoE layers"
                .formatted(line.step, line.rank, step, rank, layersTaken, layers.length));
      }
      if (rows.tokens(layer) > 0) {
        throw line.fault("layer %d is there twice in step %d".formatted(line.layer, line.step));
      }
      for (int at = 0; at < line.taken; at += model.topK()) {
        rows.add(layer, line.ids, at);
      }
      layersTaken++;
      if (layersTaken == layers.length) {
        deliver(line);
      }
    }

    private void deliver(Line line) throws CorruptTraceException {
      for (int i = 1; i < layers.length; i++) {
        if (rows.tokens(i) != rows.tokens(0)) {
          throw line.fault(
              "step %d has %d tokens in layer %d but %d in layer %d"
                  .formatted(step, rows.tokens(0), layers[0], rows.tokens(i), layers[i]));
        }
      }
      rows.deliverUnphased(
          sink, next, new RequestHead(next, arrivalMillis, FileNames.UNKNOWN_DOMAIN, rank));
      rows = null;
      next++;
    }

    void end() throws CorruptTraceException {
      if (rows != null) {
        throw new CorruptTraceException(
            next,
            "truncated: step %d has %d of %d MoE layers"
                .formatted(step, layersTaken, layers.length));
      }
      if (next == 0) {
        throw new CorruptTraceException("the file has no routed tokens");
      }
    }
  }
}
