package io.sextant.schema.engine;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * An option that an engine has to be started with to use a map.
 *
 * @param option the option's names; the first is proposed
 * @param value the option's value, or {@code {file}} or a figure in braces
 * @param when the conditions under which it is needed; null if it always is
 * @param unless the conditions under which it is unnecessary; null if there are none
 * @param proposal whether another value, or no value, may also work; a fact then judges the value
 * @param source the document that says so
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

  /** The value to give. A figure that is not known stays in braces, such as {@code {redundant}}. */
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

  /** Whether a given value is acceptable: it is the needed one, or the needed one is not known. */
  boolean accepts(String given, Situation situation) {
    String needed = value(situation, FILE);
    return needed.startsWith("{") || needed.equalsIgnoreCase(given);
  }
}
