package io.sextant.schema.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The options that an engine is started with: {@code --name value}, {@code --name=value}, {@code
 * --name}, {@code VARIABLE=value}, and JSON or YAML, whose fields are named with dots. Hyphens and
 * underscores in names are equivalent.
 */
public final class EngineFlags {
  private static final ObjectMapper YAML = new YAMLMapper();
  private static final String TRUE = "true";

  private final String where;
  private final List<String> configFiles;
  private final Map<String, String> values = new TreeMap<>();

  private EngineFlags(String where, List<String> configFiles) {
    this.where = where;
    this.configFiles = configFiles;
  }

  /**
   * @param where the option that the text comes from, for messages
   * @param text a command line, a YAML or JSON mapping, or the name of a file that holds one of
   *     these
   * @throws InvalidInputException if a quote is not closed, or text that should be JSON is not
   */
  public static EngineFlags parse(String where, String text, EngineGuide guide) {
    EngineFlags flags = new EngineFlags(where, guide.configFiles());
    String stripped = text.strip();
    if (stripped.matches("\\S+\\.(ya?ml|json)")) {
      flags.addFile(stripped);
    } else if (stripped.matches("(?s)\\{.*|[A-Za-z_][A-Za-z0-9_]*:\\s.*")) {
      flags.addTree("", stripped);
    } else {
      flags.addWords(ShellWords.split(where, stripped));
    }
    return flags;
  }

  private void addWords(List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.startsWith("{")) {
        addTree("", word);
      } else if (word.matches("--?[A-Za-z].*")) {
        int equals = word.indexOf('=');
        String name = word.substring(0, equals < 0 ? word.length() : equals);
        String value = equals < 0 ? TRUE : word.substring(equals + 1);
        if (equals < 0 && i + 1 < words.size() && !words.get(i + 1).matches("--?[A-Za-z].*")) {
          value = words.get(++i);
        }
        add(normal(name.replaceFirst("^--?", "")), value);
      } else if (word.matches("[A-Z][A-Z0-9_]*=.*")) {
        int equals = word.indexOf('=');
        values.put("env." + word.substring(0, equals), word.substring(equals + 1));
      }
    }
  }

  private void add(String name, String value) {
    if (value.startsWith("{")) {
      addTree(name + ".", value);
    } else if (configFiles.contains(name)) {
      addFile(value);
    } else {
      values.put(name, value);
    }
  }

  private void addFile(String file) {
    try {
      addTree("", Files.readString(Path.of(file)));
    } catch (IOException e) {
      throw InvalidInputException.of(
          where + " " + file,
          "it cannot be read",
          "Name a file of the engine's options, or write the options themselves",
          e);
    }
  }

  private void addTree(String prefix, String text) {
    JsonNode tree;
    try {
      tree = YAML.readTree(text);
    } catch (IOException e) {
      throw InvalidInputException.of(
          where,
          "neither JSON nor YAML: " + (text.length() > 60 ? text.substring(0, 57) + "..." : text),
          "Quote it as for a shell",
          e);
    }
    flatten(prefix, tree);
  }

  private void flatten(String prefix, JsonNode tree) {
    for (Map.Entry<String, JsonNode> field : tree.properties()) {
      String name = prefix + normal(field.getKey());
      if (field.getValue().isObject()) {
        flatten(name + ".", field.getValue());
      } else {
        values.put(name, field.getValue().asText());
      }
    }
  }

  private static String normal(String name) {
    return name.toLowerCase(Locale.ROOT).replace('-', '_');
  }

  /**
   * The value of an option under any of its names. An option that is written as a mapping counts as
   * given, but its value does not contain the text of its fields.
   */
  Optional<String> value(List<String> names) {
    for (String name : names) {
      if (values.containsKey(name)) {
        return Optional.of(values.get(name));
      }
    }
    boolean mapping =
        names.stream()
            .anyMatch(name -> values.keySet().stream().anyMatch(key -> key.startsWith(name + ".")));
    return mapping ? Optional.of("{...}") : Optional.empty();
  }

  /**
   * @throws InvalidInputException if the option is given and is not a whole number from 0
   */
  OptionalInt integer(List<String> names) {
    for (String name : names) {
      if (values.containsKey(name)) {
        String value = values.get(name);
        if (!value.matches("\\d{1,7}")) {
          throw InvalidInputException.of(
              where + ": " + name, value + " is not a whole number", "Give a number from 0");
        }
        return OptionalInt.of(Integer.parseInt(value));
      }
    }
    return OptionalInt.empty();
  }
}
