package io.sextant.schema.trace.megatron;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.HeapShare;
import java.io.IOException;
import java.util.Arrays;

/**
 * One line of a router trace: one layer of a micro-batch. The object is reused for the next line.
 */
final class RouterLine {
  static final String DECODER = "decoder";
  private static final int FIRST_ROOM_TOKENS = 64;

  private final int topK;
  private final HeapShare share;
  private int[] ids;
  private int taken;
  private long number;
  private long step;
  private long layer;
  private long rank;
  private String block;

  /**
   * @param share the memory budget that long lines are charged to
   */
  RouterLine(int topK, HeapShare share) {
    this.topK = topK;
    this.share = share;
    this.ids = new int[FIRST_ROOM_TOKENS * topK];
  }

  /** The line's number in the file, from 1. */
  long number() {
    return number;
  }

  long step() {
    return step;
  }

  /** The layer's number in the file. */
  long layer() {
    return layer;
  }

  int rank() {
    return (int) rank;
  }

  /** The part of the model: the decoder or, for instance, {@code mtp}. */
  String block() {
    return block;
  }

  int tokens() {
    return taken / topK;
  }

  /** Expert ids, token-major; may be longer than {@link #tokens} x top-k. */
  int[] ids() {
    return ids;
  }

  /** Reads an object whose start the parser has already read. */
  void read(JsonParser parser) throws CorruptTraceException, IOException {
    number = parser.currentLocation().getLineNr();
    step = -1;
    layer = -1;
    rank = 0;
    long tokens = -1;
    block = DECODER;
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
          indices(parser);
        }
        default -> {}
      }
      parser.skipChildren(); // of a value that is not of the type that the field has
    }
    if (step < 0 || layer < 0 || taken < 0) {
      throw fault("it has no step, layer or top_indices");
    }
    if (tokens >= 0 && tokens != taken / topK) {
      throw fault("num_tokens is %d, but top_indices has %d".formatted(tokens, taken / topK));
    }
    if (rank > Short.MAX_VALUE) {
      throw fault("rank %d is absurd".formatted(rank));
    }
  }

  private void indices(JsonParser parser) throws CorruptTraceException, IOException {
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
