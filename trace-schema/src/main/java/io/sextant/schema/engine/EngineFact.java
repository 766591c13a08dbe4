package io.sextant.schema.engine;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * Something an engine does with a map that its users do not expect.
 *
 * @param what its subject, in a word or two
 * @param effect what happens
 * @param versions the releases it is about; null for all
 * @param when what has to hold; null for always
 * @param text what happens, in words
 * @param remedy what to do; empty if nothing is to be done
 * @param source where that is written or reported
 */
record EngineFact(
    @JsonProperty(value = "what", required = true) String what,
    @JsonProperty(value = "effect", required = true) Effect effect,
    @JsonProperty("versions") EngineVersions versions,
    @JsonProperty("when") List<Condition> when,
    @JsonProperty(value = "text", required = true) String text,
    @JsonProperty(value = "remedy", required = true) String remedy,
    @JsonProperty(value = "source", required = true) String source) {

  /** What happens. */
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
