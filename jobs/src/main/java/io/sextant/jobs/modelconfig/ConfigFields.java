package io.sextant.jobs.modelconfig;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * The fields of the language model in a {@code config.json}. A field that is null counts as
 * missing. Families use different names for the same concept; a name with a dot is a field of a
 * nested object.
 */
final class ConfigFields {
  /** Nested objects in which models with several parts keep the language model's shape. */
  static final List<String> LANGUAGE_PARTS =
      List.of(
          "text_config",
          "thinker_config",
          "llm_config",
          "language_config",
          "language_model_config",
          "text_model_config",
          "lm_config");

  /**
   * Python writes these files, some with Infinity. If a field occurs twice, the last value is used.
   */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Path file;
  private final JsonNode whole;
  private final JsonNode part;

  private ConfigFields(Path file, JsonNode whole, JsonNode part) {
    this.file = file;
    this.whole = whole;
    this.part = part;
  }

  /**
   * Reads a file.
   *
   * @throws InvalidInputException if it is not a JSON object
   */
  static ConfigFields read(Path file) {
    JsonNode root;
    try {
      root = JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw InvalidInputException.of(
          file.toString(), "cannot be read as JSON", "Name the model's config.json", e);
    }
    if (!root.isObject()) {
      throw InvalidInputException.of(
          file.toString(), "not a JSON object", "Name the model's config.json");
    }
    return new ConfigFields(file, root, languagePart(root));
  }

  private static JsonNode languagePart(JsonNode node) {
    for (String name : LANGUAGE_PARTS) {
      if (node.path(name).isObject() && !node.get(name).isEmpty()) {
        return languagePart(node.get(name));
      }
    }
    return node;
  }

  /** The language model's own fields. */
  JsonNode part() {
    return part;
  }

  /** The whole file; the same as {@link #part()} unless the model has several parts. */
  JsonNode whole() {
    return whole;
  }

  String fileName() {
    return file.getFileName().toString();
  }

  /** The value of a field; a missing node if there is none or it is null. */
  JsonNode node(String name) {
    JsonNode node = part;
    for (String step : name.split("\\.", -1)) {
      node = node.path(step);
    }
    return node.isNull() ? part.path("") : node;
  }

  boolean has(String name) {
    return !node(name).isMissingNode();
  }

  /** The first of these names that has a value; null if none has. */
  String firstOf(List<String> names) {
    return names.stream().filter(this::has).findFirst().orElse(null);
  }

  String text(String name) {
    return node(name).asText("");
  }

  /** Whether a field is present and true. */
  boolean isTrue(String name) {
    return node(name).asBoolean(false);
  }

  /**
   * A whole number of at least 0 under one of several names. A list, one number for each layer, is
   * that number if all are equal.
   *
   * @throws InvalidInputException if the value is something else, or if two of the names disagree
   */
  OptionalInt agreed(List<String> names) {
    String first = null;
    int value = 0;
    for (String name : names) {
      if (has(name)) {
        int other = integer(name);
        if (first != null && other != value) {
          throw refuse(
              name,
              "%d, but %s is %d".formatted(other, first, value),
              "Only one of them can be right; correct config.json");
        }
        first = name;
        value = other;
      }
    }
    return first == null ? OptionalInt.empty() : OptionalInt.of(value);
  }

  /** Like {@link #agreed}, but uses the first name that has a value and ignores the others. */
  OptionalInt first(List<String> names) {
    String name = firstOf(names);
    return name == null ? OptionalInt.empty() : OptionalInt.of(integer(name));
  }

  /**
   * Like {@link #first}, but falls back to the outer part of the file if the language model's part
   * lacks the field.
   *
   * @throws InvalidInputException if no name has a value
   */
  int requiredAnywhere(List<String> names) {
    ConfigFields outer = new ConfigFields(file, whole, whole);
    return first(names).orElseGet(() -> outer.first(names).orElseThrow(() -> missing(names)));
  }

  /** Parses a whole number that is not negative, or a list of equal numbers. */
  int integer(String name) {
    JsonNode node = node(name);
    if (node.isArray() && !node.isEmpty()) {
      for (JsonNode element : node) {
        if (!element.equals(node.get(0))) {
          throw refuse(
              name,
              "it differs between layers, which a model description cannot express",
              "Write the model's description by hand if one number is sufficient");
        }
      }
      node = node.get(0);
    }
    if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 0) {
      throw refuse(name, shown(node) + " is not understood", "Give a whole number");
    }
    return node.intValue();
  }

  InvalidInputException missing(List<String> names) {
    return refuse(
        names.get(0),
        "the field is missing",
        "Write the model's description by hand; take one in conf/models as an example");
  }

  /** The exception for a field that is not understood. */
  InvalidInputException refuse(String name, String problem, String remedy) {
    return InvalidInputException.of(file + ": " + name, problem, remedy);
  }

  /** The exception for a value of a field that is not understood. */
  InvalidInputException notUnderstood(String name) {
    return refuse(
        name,
        shown(node(name)) + " is not understood",
        "Write the model's description by hand; take one in conf/models as an example");
  }

  /** A value for a message, shortened if it is long. */
  static String shown(JsonNode node) {
    String text = node.toString();
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }

  /** The model's family as named in the file: {@code model_type}, else the first architecture. */
  String family() {
    String type = text("model_type");
    return type.isEmpty() ? node("architectures").path(0).asText("") : type;
  }

  /** Several lists of names as one list. */
  @SafeVarargs
  static List<String> all(List<String>... names) {
    return Arrays.stream(names).flatMap(List::stream).distinct().toList();
  }
}
