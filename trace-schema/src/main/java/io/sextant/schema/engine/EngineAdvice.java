package io.sextant.schema.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/**
 * One finding about a deployment.
 *
 * @param state the severity of the finding
 * @param what the subject, in one or two words
 * @param text the finding, in words
 * @param remedy the action to take; empty if there is none
 * @param source the document that says so; null if the finding is calculated
 */
public record EngineAdvice(State state, String what, String text, String remedy, String source) {

  /** The severity of a finding. */
  public enum State {
    OK,
    /** Worth knowing, or not certain because something is not known. */
    NOTE,
    /** The map is not used as planned, or the engine stops. */
    WRONG
  }

  /** One line: the state, the subject, the finding, the action to take and the source. */
  public String line() {
    return "%-6s %-12s %s%s%s"
        .formatted(
            word(),
            what,
            text,
            remedy.isEmpty() ? "" : ". " + remedy,
            source == null ? "" : " (" + source + ")");
  }

  /** The advice as fields for programs. */
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
