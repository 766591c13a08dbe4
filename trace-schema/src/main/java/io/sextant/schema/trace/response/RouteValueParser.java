package io.sextant.schema.trace.response;

import com.fasterxml.jackson.core.Base64Variant;
import com.fasterxml.jackson.core.Base64Variant.PaddingReadBehaviour;
import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamReadException;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.HeapShare;
import java.io.IOException;
import java.util.Arrays;

/**
 * Reads the value of {@code routed_experts}: text in base64, an object {@code {data, shape, dtype,
 * start}}, or nested lists of numbers.
 */
final class RouteValueParser {
  private static final Base64Variant BASE64 =
      Base64Variants.MIME_NO_LINEFEEDS.withReadPadding(PaddingReadBehaviour.PADDING_ALLOWED);
  private static final int MOST_DIMENSIONS = 8;

  private final int topK;
  private final HeapShare share;

  RouteValueParser(int topK, HeapShare share) {
    this.topK = topK;
    this.share = share;
  }

  /**
   * @param name name of the field
   * @return the decoded value; null if the value is null or empty
   */
  RouteValue read(JsonParser parser, String name) throws CorruptTraceException, IOException {
    try {
      return switch (parser.currentToken()) {
        case VALUE_NULL -> null;
        case VALUE_STRING -> nonEmpty(RouteValue.of(name, base64(parser, name)));
        case START_OBJECT -> object(parser, name);
        case START_ARRAY -> new RouteLists(name, topK, share).read(parser);
        default -> RouteValue.faulty(name, name + " is neither text nor lists nor an object");
      };
    } catch (BoundedBytes.Full e) {
      throw e.reason();
    }
  }

  private static RouteValue nonEmpty(RouteValue value) {
    return value.length() == 0 ? null : value;
  }

  private BoundedBytes base64(JsonParser parser, String name)
      throws CorruptTraceException, IOException {
    BoundedBytes bytes = new BoundedBytes(share);
    try {
      parser.readBinaryValue(BASE64, bytes);
    } catch (IllegalArgumentException | StreamReadException e) {
      if (String.valueOf(e.getMessage()).contains("ase64")) {
        // The parser is inside the text, so nothing after it can be read.
        throw new CorruptTraceException(
            "line %d: %s is not base64".formatted(parser.currentLocation().getLineNr(), name));
      }
      throw e;
    }
    return bytes;
  }

  private RouteValue object(JsonParser parser, String name)
      throws CorruptTraceException, IOException {
    RouteValue data = null;
    long[] shape = null;
    String dtype = null;
    long start = -1;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (field) {
        case "data", "routed_experts" -> data = read(parser, name);
        case "shape" -> shape = shape(parser);
        case "dtype" -> dtype = value == JsonToken.VALUE_STRING ? parser.getText() : null;
        case "start", "prompt_start", "start_len" -> start = Numbers.whole(parser);
        default -> {}
      }
      parser.skipChildren(); // of a value that is not of the type that the field has
    }
    if (data == null) {
      return RouteValue.faulty(name, name + " is an object without data");
    }
    return new RouteValue(
        name,
        data.bytes(),
        data.length(),
        data.shape() == null ? shape : data.shape(),
        data.dtype() == null ? dtype : data.dtype(),
        start,
        data.fault());
  }

  private static long[] shape(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      return null;
    }
    long[] shape = new long[MOST_DIMENSIONS];
    int count = 0;
    boolean sound = true;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      long length = Numbers.whole(parser);
      sound &= length >= 0 && count < MOST_DIMENSIONS;
      if (sound) {
        shape[count++] = length;
      }
      parser.skipChildren();
    }
    return sound ? Arrays.copyOf(shape, count) : new long[0];
  }
}
