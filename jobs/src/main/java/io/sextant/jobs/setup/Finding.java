package io.sextant.jobs.setup;

import java.util.Locale;

/**
 * The result of one check of doctor.
 *
 * @param what the checked thing
 * @param state the state of the thing
 * @param figures the values that were found
 * @param remedy the remedy; empty if nothing has to be done
 */
record Finding(String what, State state, String figures, String remedy) {

  /** The state of a checked thing. */
  enum State {
    OK,
    /** Some commands do not run, or run slowly. */
    NOTE,
    /** No command runs. */
    WRONG
  }

  static Finding ok(String what, String figures) {
    return new Finding(what, State.OK, figures, "");
  }

  static Finding note(String what, String figures, String remedy) {
    return new Finding(what, State.NOTE, figures, remedy);
  }

  static Finding wrong(String what, String figures, String remedy) {
    return new Finding(what, State.WRONG, figures, remedy);
  }

  /** The result as one line of text. */
  String text() {
    return "%-6s %-12s %s%s"
        .formatted(
            state.name().toLowerCase(Locale.ROOT),
            what,
            figures,
            remedy.isEmpty() ? "" : ". " + remedy);
  }
}
