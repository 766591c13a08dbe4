package io.sextant.schema.trace.response;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sextant.schema.file.HeapShare;
import java.io.IOException;

/**
 * Reads nested lists [tokens][layers][k] of ids, or one flat list of them. A token or layer that is
 * null or empty has no route.
 */
final class RouteLists {
  private static final int NONE = -1;

  private final String name;
  private final int topK;
  private final BoundedBytes bytes;
  private long tokens;
  private int layers = NONE;
  private boolean flat;
  private String fault;

  RouteLists(String name, int topK, HeapShare share) {
    this.name = name;
    this.topK = topK;
    this.bytes = new BoundedBytes(share);
  }

  /**
   * @return null if the list is empty
   */
  RouteValue read(JsonParser parser) throws IOException {
    int leadingEmpty = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      switch (parser.currentToken()) {
        case VALUE_NULL -> leadingEmpty += emptyToken();
        case START_ARRAY -> {
          int before = layers;
          leadingEmpty += token(parser, leadingEmpty);
          leadingEmpty = before == NONE && layers != NONE ? 0 : leadingEmpty;
        }
        case VALUE_NUMBER_INT -> {
          flat = true;
          id(parser);
        }
        default -> {
          note("a token is not a list of layers");
          parser.skipChildren();
        }
      }
    }
    if (fault != null) {
      return RouteValue.faulty(name, fault);
    }
    if (bytes.length() == 0) {
      return null;
    }
    if (flat) {
      return tokens == 0
          ? RouteValue.of(name, bytes)
          : RouteValue.faulty(name, name + " mixes ids and lists");
    }
    return new RouteValue(
        name, bytes.bytes(), bytes.length(), new long[] {tokens, layers, topK}, "int32", -1, null);
  }

  /** Adds a token without a route. Returns 1 if the number of layers is not known yet. */
  private int emptyToken() throws IOException {
    if (layers == NONE) {
      return 1;
    }
    for (int i = 0; i < layers * topK; i++) {
      bytes.writeInt(NONE);
    }
    tokens++;
    return 0;
  }

  private int token(JsonParser parser, int leadingEmpty) throws IOException {
    int count = 0;
    int begin = bytes.length();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      switch (parser.currentToken()) {
        case VALUE_NULL -> emptyLayer();
        case START_ARRAY -> layer(parser);
        default -> {
          note("a layer is not a list of ids");
          parser.skipChildren();
        }
      }
      count++;
    }
    if (count == 0) {
      return emptyToken();
    }
    if (layers == NONE) {
      layers = count;
      if (fault == null) {
        prepend(begin, leadingEmpty);
      }
    } else if (count != layers) {
      note("token %d has %d layers, the first one %d".formatted(tokens, count, layers));
    }
    tokens++;
    return 0;
  }

  /**
   * Adds the rows of the tokens before the first one with layers, which have no route: appends
   * them, then rotates the array.
   */
  private void prepend(int begin, int leadingEmpty) throws IOException {
    int rowBytes = bytes.length() - begin;
    for (int i = 0; i < leadingEmpty; i++) {
      emptyToken();
    }
    System.arraycopy(
        bytes.bytes(), begin, bytes.bytes(), begin + leadingEmpty * rowBytes, rowBytes);
    for (int i = begin; i < begin + leadingEmpty * rowBytes; i++) {
      bytes.bytes()[i] = (byte) NONE;
    }
  }

  private void layer(JsonParser parser) throws IOException {
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
        id(parser);
      } else {
        note("an expert id is not a whole number");
        parser.skipChildren();
      }
      count++;
    }
    if (count == 0) {
      emptyLayer();
    } else if (count != topK) {
      note("token %d has %d experts in a layer, not %d".formatted(tokens, count, topK));
    }
  }

  private void emptyLayer() throws IOException {
    for (int k = 0; k < topK; k++) {
      bytes.writeInt(NONE);
    }
  }

  private void id(JsonParser parser) throws IOException {
    long id = Numbers.whole(parser);
    bytes.writeInt(id > Integer.MAX_VALUE ? NONE : (int) id);
  }

  private void note(String problem) {
    if (fault == null) {
      fault = name + ": " + problem;
    }
  }
}
