package io.sextant.schema.engine;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * Something an engine does with a map that its users do not expect.
 *
 * @param what its subject, in one or two words
 * @param effect the kind of consequence
 * @param versions the releases with this behaviour; null for all
 * @param when the conditions under which it applies; null if it always does
 * @param text the consequence, in words
 * @param remedy the action to take; empty if there is none
 * @param source the document or report that says so
 */
record EngineFact(
    @JsonProperty(value = "what", required = true) String what,
    @JsonProperty(value = "effect", required = true) Effect effect,
    @JsonProperty("versions") EngineVersions versions,
    @JsonProperty("when") List<Condition> when,
    @JsonProperty(value = "text", required = true) String text,
    @JsonProperty(value = "remedy", required = true) String remedy,
    @JsonProperty(value = "source", required = true) String source) {

  /** The kind of consequence. */
  enum Effect {
    /** The engine stops, or its output is wrong. */
    @JsonProperty("breaks")
    BREAKS,
    /** The map or the option has no effect. */
    @JsonProperty("ignored")
    IGNORED,
    /** Worth knowing. */
    @JsonProperty("note")
    NOTE
  }

  boolean isAboutModelClasses() {
    return when != null
        && when.stream().anyMatch(one -> one.model() != null || one.modelNot() != null);
  }

  Truth applies(Situation situation) {
    Truth version = versions == null ? Truth.YES : versions.contains(situation.version());
    return version.and(Condition.all(when, situation));
  }
}
