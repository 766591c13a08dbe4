package io.sextant.schema.engine;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * An option that an engine has to be started with to use a map.
 *
 * @param option its names; the first is proposed
 * @param value its value, or {@code {file}} or a figure in braces
 * @param when what has to hold; null for always
 * @param unless what makes it unnecessary; null for nothing
 * @param proposal whether another value or none may do as well, so that a fact judges it
 * @param source where that is written
 */
record EngineNeed(
    @JsonProperty(value = "option", required = true) List<String> option,
    @JsonProperty(value = "value", required = true) String value,
    @JsonProperty("when") List<Condition> when,
    @JsonProperty("unless") List<Condition> unless,
    @JsonProperty("proposal") boolean proposal,
    @JsonProperty(value = "source", required = true) String source) {
  private static final String FILE = "{file}";

  Truth applies(Situation situation) {
    Truth needed = Condition.all(when, situation);
    return unless == null ? needed : needed.and(Condition.all(unless, situation).not());
  }

  boolean isFile() {
    return value.equals(FILE);
  }

  /** The value, or as much of it as is known: {@code {redundant}} if that figure is not. */
  String value(Situation situation, String file) {
    if (isFile()) {
      return file;
    }
    if (!value.startsWith("{")) {
      return value;
    }
    var figure = situation.figure(value.substring(1, value.length() - 1));
    return figure.isPresent() ? Integer.toString(figure.getAsInt()) : value;
  }

  /** Whether a given value is the one that is needed, as far as that is known. */
  boolean accepts(String given, Situation situation) {
    String needed = value(situation, FILE);
    return needed.startsWith("{") || needed.equalsIgnoreCase(given);
  }
}
