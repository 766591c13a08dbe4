package io.sextant.jobs.window;

/** Thrown if a request names a rank beyond those that were assumed before the traces were read. */
public final class UnknownRankException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnknownRankException(int rank, int ranks) {
    super("Rank %d is not one of 0 to %d".formatted(rank, ranks - 1));
  }

  /** Whether a failure, also of a Spark task, is one of these. Spark reports tasks as text. */
  public static boolean causes(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnknownRankException
          || String.valueOf(cause.getMessage()).contains(UnknownRankException.class.getName())) {
        return true;
      }
    }
    return false;
  }
}
