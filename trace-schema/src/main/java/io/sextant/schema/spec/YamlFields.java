package io.sextant.schema.spec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.NearestName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads the fields of one YAML mapping strictly. Each fault names the file and the field. */
final class YamlFields {
  private static final ObjectMapper YAML =
      YAMLMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** The time to parse a long text grows with the square of its length. */
  static final int MOST_BYTES = 1 << 18;

  /** Names that a partition folder can have on any file system. */
  static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  private final String file;
  private final String prefix;
  private final JsonNode object;
  private final Set<String> asked = new HashSet<>();

  private YamlFields(String file, String prefix, JsonNode object) {
    this.file = file;
    this.prefix = prefix;
    this.object = object;
  }

  /**
   * @param yaml the bytes of the file, which may end after {@link #MOST_BYTES} if it is longer
   * @throws InvalidInputException if that is not YAML of one mapping, or too long
   */
  static YamlFields parse(String file, byte[] yaml) {
    if (yaml.length > MOST_BYTES) {
      throw InvalidInputException.of(
          file,
          "more than %,d bytes; a description has a few thousand".formatted(MOST_BYTES),
          "Use a file of conf as a template");
    }
    JsonNode root;
    try {
      root = YAML.readTree(yaml);
    } catch (JsonProcessingException e) {
      long line = e.getLocation() == null ? -1 : e.getLocation().getLineNr();
      String where = line > 0 ? file + ": line " + line : file;
      throw InvalidInputException.of(
          where, "not YAML: " + e.getOriginalMessage(), "Correct the file", e);
    } catch (IOException e) {
      throw InvalidInputException.of(file, "not YAML: " + e.getMessage(), "Correct the file", e);
    }
    if (!root.isObject()) {
      throw InvalidInputException.of(
          file, "not a list of 'field: value' lines", "Use a file of conf as a template");
    }
    return new YamlFields(file, "", root);
  }

  InvalidInputException wrong(String field, String problem, String remedy) {
    return InvalidInputException.of(file + ": " + prefix + field, problem, remedy);
  }

  /** The value of a required field. */
  JsonNode node(String field) {
    asked.add(field);
    JsonNode node = object.get(field);
    if (node == null || node.isNull()) {
      throw wrong(field, "the field is missing", "Add a line '" + field + ": ...'");
    }
    return node;
  }

  /** Whether an optional field is given. */
  boolean has(String field) {
    asked.add(field);
    return object.has(field);
  }

  /** A required mapping. */
  YamlFields required(String field) {
    JsonNode node = node(field);
    if (!node.isObject()) {
      throw wrong(field, shown(node) + " is not a mapping", "Write it as '{field: value, ...}'");
    }
    return new YamlFields(file, prefix + field + ".", node);
  }

  /** An optional mapping. */
  Optional<YamlFields> optional(String field) {
    asked.add(field);
    return object.has(field) ? Optional.of(required(field)) : Optional.empty();
  }

  /** An optional list of mappings; empty if it is not given. */
  List<YamlFields> optionalMappings(String field) {
    asked.add(field);
    if (!object.has(field)) {
      return List.of();
    }
    JsonNode node = node(field);
    List<YamlFields> mappings = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      if (!node.get(i).isObject()) {
        throw wrong(field + "[" + i + "]", "not a mapping", "Write it as '- field: value'");
      }
      mappings.add(new YamlFields(file, prefix + field + "[" + i + "].", node.get(i)));
    }
    return mappings;
  }

  int integer(String field, int least, int most) {
    return integer(field, node(field), least, most);
  }

  List<Integer> integers(String field, int least, int most) {
    JsonNode node = node(field);
    if (!node.isArray()) {
      throw wrong(field, shown(node) + " is not a list", "Write it as '[1, 2, ...]'");
    }
    List<Integer> values = new ArrayList<>(node.size());
    for (JsonNode element : node) {
      values.add(integer(field, element, least, most));
    }
    return values;
  }

  /** A finite number above zero. */
  double positive(String field, double most) {
    JsonNode node = node(field);
    double value = node.isNumber() ? node.doubleValue() : Double.NaN;
    if (!(value > 0 && value <= most)) {
      throw wrong(
          field,
          shown(node) + " is not a number above 0",
          "Give a number up to %.0f".formatted(most));
    }
    return value;
  }

  String name(String field) {
    JsonNode node = node(field);
    if (!node.isTextual() || !NAME.matcher(node.textValue()).matches()) {
      throw wrong(
          field,
          shown(node) + " is not a name",
          "Use letters, digits, '.', '_' and '-' (a number in quotes)");
    }
    return node.textValue();
  }

  String oneOf(String field, Set<String> known) {
    JsonNode node = node(field);
    if (!node.isTextual() || !known.contains(node.textValue())) {
      throw wrong(
          field,
          shown(node) + " is not known",
          NearestName.remedy(node.asText(), known)
              + "Use one of "
              + String.join(", ", new TreeSet<>(known)));
    }
    return node.textValue();
  }

  boolean bool(String field) {
    JsonNode node = node(field);
    if (!node.isBoolean()) {
      throw wrong(field, shown(node) + " is not true or false", "Write true or false");
    }
    return node.booleanValue();
  }

  /** A list of texts, each one of the known ones. */
  List<String> texts(String field, Set<String> known) {
    JsonNode node = node(field);
    if (!node.isArray()) {
      throw wrong(field, shown(node) + " is not a list", "Write it as '[a, b, ...]'");
    }
    List<String> values = new ArrayList<>(node.size());
    for (JsonNode element : node) {
      if (!element.isTextual() || !known.contains(element.textValue())) {
        throw wrong(
            field,
            shown(element) + " is not known",
            "Use one of " + String.join(", ", new TreeSet<>(known)));
      }
      values.add(element.textValue());
    }
    return values;
  }

  /** Fails on a field that was not read: usually a typing error. */
  void allowNoOther() {
    for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
      String field = names.next();
      if (!asked.contains(field)) {
        throw wrong(
            field,
            "the field is unknown",
            NearestName.remedy(field, asked)
                + "Remove it or use one of "
                + String.join(", ", new TreeSet<>(asked)));
      }
    }
  }

  private int integer(String field, JsonNode node, int least, int most) {
    if (!node.isIntegralNumber()) {
      throw wrong(field, shown(node) + " is not a whole number", "Give a whole number");
    }
    if (!node.canConvertToInt() || node.intValue() < least || node.intValue() > most) {
      throw wrong(
          field,
          shown(node) + " is out of range",
          least == most
              ? "Only %d is possible here".formatted(least)
              : most == Integer.MAX_VALUE
                  ? "Give a whole number of at least %d".formatted(least)
                  : "Give a whole number from %d to %d".formatted(least, most));
    }
    return node.intValue();
  }

  /** The text of a value in messages. */
  static String shown(JsonNode node) {
    String text = node.toString();
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }
}
