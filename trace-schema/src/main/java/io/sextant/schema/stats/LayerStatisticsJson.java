package io.sextant.schema.stats;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.JsonText;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A snapshot as a line of JSON, as the recorder of layer statistics writes it. */
public final class LayerStatisticsJson {
  /** Python writes NaN and Infinity as bare words, which are not valid JSON. */
  private static final ObjectMapper JSON =
      JsonMapper.builder(JsonText.lenient())
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  private static final Set<String> SIZES = Set.of("rows", "cols");

  private LayerStatisticsJson() {}

  /**
   * Parses a line.
   *
   * @param where the file and line, for the error
   * @throws InvalidInputException naming the line and field, if a field is missing or invalid
   */
  public static LayerStatistics parse(String line, String where) {
    JsonNode node;
    try {
      node = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw wrong(where, "not JSON: " + e.getOriginalMessage());
    }
    Fields fields = new Fields(node, where);
    return new LayerStatistics(
        fields.natural("step"),
        fields.text("site"),
        fields.operand("tensor"),
        fields.size("rows"),
        fields.size("cols"),
        fields.number("mean"),
        fields.number("std"),
        fields.number("absmax"),
        fields.number("kurtosis"),
        fields.number("abs_q50"),
        fields.number("abs_q90"),
        fields.number("abs_q99"),
        fields.number("abs_q999"),
        fields.number("zero_fraction"),
        fields.number("fits_2_4"),
        fields.number("energy_kept_2_4"),
        fields.number("channel_absmax_max"),
        fields.number("channel_absmax_median"),
        fields.number("row_absmax_median"),
        fields.histogram("exp2_histogram_from_minus40"),
        fields.optional("bias_l2"),
        fields.optional("output_mean_over_std"),
        fields.optional("output_row_mean_abs_over_row_std"),
        null,
        null);
  }

  /**
   * Finds a snapshot that is unusable although its line is well-formed: a number is infinite or NaN
   * because the tensor overflowed, or the tensor has no elements.
   *
   * @param where the file and line, for the reason
   * @return the unusable snapshot; empty if the line is a usable snapshot or is invalid in another
   *     way
   */
  public static Optional<UnusableSnapshot> unusable(String line, String where) {
    JsonNode node;
    try {
      node = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
    if (!node.path("site").isTextual()) {
      return Optional.empty();
    }
    String reason = null;
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      JsonNode value = field.getValue();
      if (value.isNumber() && !Double.isFinite(value.doubleValue())) {
        reason = "%s is %s".formatted(field.getKey(), value.asText());
        break;
      }
      if (SIZES.contains(field.getKey()) && value.isIntegralNumber() && value.intValue() == 0) {
        reason = "%s is 0".formatted(field.getKey());
      }
    }
    return reason == null
        ? Optional.empty()
        : Optional.of(
            new UnusableSnapshot(
                node.get("site").textValue(), node.path("step").asLong(), where + ": " + reason));
  }

  private static InvalidInputException wrong(String where, String problem) {
    return InvalidInputException.of(
        where, problem, "Record the snapshot again, or remove the line");
  }

  private record Fields(JsonNode node, String where) {
    JsonNode field(String name) {
      JsonNode value = node.get(name);
      if (value == null || value.isNull()) {
        throw wrong(where, "field %s is missing".formatted(name));
      }
      return value;
    }

    String text(String name) {
      return field(name).asText();
    }

    long natural(String name) {
      JsonNode value = field(name);
      if (!value.isIntegralNumber() || value.asLong() < 0 || value.asLong() > Integer.MAX_VALUE) {
        throw wrong(where, "%s is %s; expected a natural number".formatted(name, value));
      }
      return value.asLong();
    }

    int size(String name) {
      long value = natural(name);
      if (value == 0) {
        throw wrong(where, "%s is 0; expected at least 1".formatted(name));
      }
      return (int) value;
    }

    double number(String name) {
      JsonNode value = field(name);
      if (!value.isNumber() || !Double.isFinite(value.asDouble())) {
        throw wrong(where, "%s is %s; expected a finite number".formatted(name, value));
      }
      return value.asDouble();
    }

    Double optional(String name) {
      return node.hasNonNull(name) ? (Double) number(name) : null;
    }

    Operand operand(String name) {
      String value = text(name);
      for (Operand operand : Operand.values()) {
        if (operand.id().equals(value.toLowerCase(Locale.ROOT))) {
          return operand;
        }
      }
      throw wrong(where, "%s is %s; expected activation or weight".formatted(name, value));
    }

    long[] histogram(String name) {
      JsonNode value = field(name);
      if (value.size() != LayerStatistics.EXPONENT_BINS) {
        throw wrong(
            where,
            "%s has %d bins; expected %d"
                .formatted(name, value.size(), LayerStatistics.EXPONENT_BINS));
      }
      long[] counts = new long[value.size()];
      for (int i = 0; i < counts.length; i++) {
        counts[i] = value.get(i).asLong(-1);
        if (counts[i] < 0) {
          throw wrong(where, "%s holds %s".formatted(name, value.get(i)));
        }
      }
      return counts;
    }
  }
}
