package io.sextant.schema.engine;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The options to start an engine with, in the engine's own syntax. */
public final class LaunchText {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .build();

  private LaunchText() {}

  /**
   * The options with this file: a part of a command line, or lines of YAML.
   *
   * @param file the map
   * @param fileOption the option that names the map, if the engine has more than one such option;
   *     null for the first
   */
  public static String of(Situation situation, String file, String fileOption) {
    Map<String, String> options = new LinkedHashMap<>();
    for (EngineNeed need : situation.guide().needs()) {
      if (need.applies(situation) != Truth.NO) {
        boolean other = need.isFile() && need.option().contains(fileOption);
        options.put(other ? fileOption : need.option().get(0), need.value(situation, file));
      }
    }
    return text(situation.guide().style(), options);
  }

  /** One option on one line. */
  static String option(EngineGuide.Style style, String name, String value) {
    if (style == EngineGuide.Style.FLAGS) {
      return text(style, Map.of(name, value));
    }
    int fields = name.length() - name.replace(".", "").length();
    return name.replace(".", ": {") + ": " + value + "}".repeat(fields);
  }

  private static String text(EngineGuide.Style style, Map<String, String> options) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    options.forEach((name, value) -> put(root, name, value));
    try {
      return style == EngineGuide.Style.YAML ? YAML.writeValueAsString(root) : flags(root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void put(ObjectNode root, String dotted, String value) {
    String[] names = dotted.split("\\.", -1);
    ObjectNode object = root;
    for (int i = 0; i < names.length - 1; i++) {
      object = object.withObject("/" + names[i]);
    }
    String name = names[names.length - 1];
    if (value.matches("\\d{1,9}")) {
      object.put(name, Integer.parseInt(value));
    } else if (value.equals("true") || value.equals("false")) {
      object.put(name, Boolean.parseBoolean(value));
    } else {
      object.put(name, value);
    }
  }

  private static String flags(ObjectNode root) {
    List<String> flags = new ArrayList<>();
    root.properties()
        .forEach(
            field -> {
              String name = "--" + field.getKey().replace('_', '-');
              if (field.getValue().isObject()) {
                flags.add(name + " " + quoted(field.getValue().toString()));
              } else if (field.getValue().isBoolean()) {
                flags.add(name);
              } else {
                String value = field.getValue().asText();
                flags.add(
                    name + " " + (value.matches("[\\w./:{}@%+,=-]+") ? value : quoted(value)));
              }
            });
    return String.join(" ", flags);
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
