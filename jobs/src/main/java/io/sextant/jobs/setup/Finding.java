package io.sextant.jobs.setup;

import java.util.Locale;

/**
 * What doctor found of one thing.
 *
 * @param what the thing
 * @param state how it is
 * @param figures what was found
 * @param remedy what to do; empty where nothing is to be done
 */
record Finding(String what, State state, String figures, String remedy) {

  /** How a thing is. */
  enum State {
    OK,
    /** Some commands will not run, or run slowly. */
    NOTE,
    /** Nothing runs. */
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

  /** One line. */
  String text() {
    return "%-6s %-12s %s%s"
        .formatted(
            state.name().toLowerCase(Locale.ROOT),
            what,
            figures,
            remedy.isEmpty() ? "" : ". " + remedy);
  }
}
