package io.sextant.schema;

/**
 * The user's input or setting is wrong: the message is one line that names the file (and row or
 * field), what is wrong and what to do about it. The command line prints it without a stack trace
 * and exits with code 2.
 */
public final class InvalidInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private InvalidInputException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * @param where the file, with the row or field if there is one: {@code "conf/x.yaml: top_k"}
   * @param problem the fault, with the value found
   * @param remedy the user's next step
   */
  public static InvalidInputException of(String where, String problem, String remedy) {
    return new InvalidInputException(oneLine(where, problem, remedy), null);
  }

  /** As {@link #of(String, String, String)}, with the cause, which goes into the log. */
  public static InvalidInputException of(
      String where, String problem, String remedy, Throwable cause) {
    return new InvalidInputException(oneLine(where, problem, remedy), cause);
  }

  private static String oneLine(String where, String problem, String remedy) {
    return (where + ": " + problem + ". " + remedy).replaceAll("\\s*\\R\\s*", " ");
  }
}
