package io.sextant.schema.file;

/** The wording of the faults that readers report; each fault is one line. */
public final class Faults {
  private static final int MOST_SHOWN = 120;

  private Faults() {}

  public static String truncated(long expected, long found, TraceStream stream) {
    String damage = stream.damage();
    return "truncated: expected %d bytes, found %d%s"
        .formatted(expected, found, damage == null ? "" : " (" + damage + ")");
  }

  public static String expertOutOfRange(int layer, int token, long expert, int experts) {
    return "layer %d, token %d: expert %d is not below num_experts %d"
        .formatted(layer, token, expert, experts);
  }

  public static String duplicateExpert(int layer, int token, int expert, int topK) {
    return "layer %d, token %d: expert %d occurs twice in its top-%d"
        .formatted(layer, token, expert, topK);
  }

  public static final String NO_ROWS = "the request has no rows";

  public static String oneLine(String text) {
    return shown(text.replaceAll("\\s*\\R\\s*", " "));
  }

  public static String shown(String text) {
    return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN - 3) + "...";
  }
}
