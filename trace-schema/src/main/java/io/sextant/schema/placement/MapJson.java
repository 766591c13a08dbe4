package io.sextant.schema.placement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.JsonText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the JSON files of maps strictly and writes them with one row per line. */
final class MapJson {
  static final ObjectMapper JSON =
      JsonMapper.builder(JsonText.lenient())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  static final String REMEDY = "Name a placement map";

  private MapJson() {}

  /**
   * @throws InvalidInputException if the text is not one JSON value
   */
  static JsonNode tree(String where, byte[] bytes) {
    try {
      return JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw InvalidInputException.of(where, "not JSON: " + e.getOriginalMessage(), REMEDY, e);
    } catch (IOException e) {
      throw InvalidInputException.of(where, "not JSON: " + e.getMessage(), REMEDY, e);
    }
  }

  /**
   * @throws InvalidInputException naming the field, if it is not a list of whole numbers
   */
  static int[] integers(String where, String field, JsonNode node) {
    int[] values = new int[node.size()];
    boolean whole = node.isArray();
    for (int i = 0; whole && i < values.length; i++) {
      JsonNode value = node.get(i);
      whole = value.isIntegralNumber() && value.canConvertToInt();
      values[i] = value.intValue();
    }
    if (!whole) {
      throw InvalidInputException.of(where + ": " + field, "not a list of whole numbers", REMEDY);
    }
    return values;
  }

  /** As {@link #integers}, for a field that holds one whole number. */
  static int integer(String where, String field, JsonNode node) {
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw InvalidInputException.of(where + ": " + field, "not a whole number", REMEDY);
    }
    return node.intValue();
  }

  /** A list of rows; {@code field} is the name of a row in messages. */
  static int[][] rows(String where, String field, JsonNode rows) {
    int[][] slots = new int[rows.size()][];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = integers(where, field + " row " + i, rows.get(i));
    }
    return slots;
  }

  /** The rows as a JSON list, one row per line, with the closing bracket after {@code indent}. */
  static String text(int[][] rows, String indent) {
    List<String> lines = new ArrayList<>();
    for (int[] row : rows) {
      lines.add(indent + "  " + Arrays.toString(row));
    }
    return "[\n%s\n%s]".formatted(String.join(",\n", lines), indent);
  }
}
