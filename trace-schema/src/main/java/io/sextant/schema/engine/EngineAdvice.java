package io.sextant.schema.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/**
 * One thing to say of a deployment.
 *
 * @param state how it is
 * @param what the subject, in a word or two
 * @param text what was found
 * @param remedy what to do; empty if nothing is to be done
 * @param source where that is written; null for arithmetic
 */
public record EngineAdvice(State state, String what, String text, String remedy, String source) {

  /** How it is. */
  public enum State {
    OK,
    /** Worth knowing, or not certain with what is known. */
    NOTE,
    /** The map is not used as planned, or the engine stops. */
    WRONG
  }

  /** One line: the state, the subject, what was found, what to do and where that is written. */
  public String line() {
    return "%-6s %-12s %s%s%s"
        .formatted(
            word(),
            what,
            text,
            remedy.isEmpty() ? "" : ". " + remedy,
            source == null ? "" : " (" + source + ")");
  }

  /** The same for programs. */
  public void put(ObjectNode object) {
    object
        .put("what", what)
        .put("state", word())
        .put("figures", text)
        .put("remedy", remedy.isEmpty() ? null : remedy)
        .put("source", source);
  }

  private String word() {
    return state.name().toLowerCase(Locale.ROOT);
  }

  static EngineAdvice ok(String what, String text) {
    return new EngineAdvice(State.OK, what, text, "", null);
  }
}
