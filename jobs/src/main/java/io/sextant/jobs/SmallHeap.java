package io.sextant.jobs;

import io.sextant.schema.InvalidInputException;
import java.util.Optional;

/** What a user reads if the JVM has too little memory for what it was asked to do. */
final class SmallHeap {
  /** Spark's memory manager refuses less: 1.5 times the 300 MiB that it keeps for itself. */
  static final long LEAST_FOR_SPARK = 450L << 20;

  private static final String ERROR = OutOfMemoryError.class.getName();
  private static final String REMEDY =
      "Set SEXTANT_HEAP (under spark-submit --driver-memory and --executor-memory) to more, 4g for"
          + " example";

  private SmallHeap() {}

  /**
   * @param bytes the most the JVM may use
   * @throws InvalidInputException if no Spark session can be made with it
   */
  static void requireEnoughForSpark(long bytes) {
    if (bytes < LEAST_FOR_SPARK) {
      throw InvalidInputException.of(
          "heap of %d MiB".formatted(bytes >> 20),
          "Spark needs at least %d MiB".formatted(LEAST_FOR_SPARK >> 20),
          REMEDY);
    }
  }

  /**
   * The line for a failure that is a lack of memory; empty if it is something else. Spark reports
   * what happened in a task as text.
   */
  static Optional<String> line(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      boolean inTask = cause.getMessage() != null && cause.getMessage().contains(ERROR);
      if (cause instanceof OutOfMemoryError || inTask) {
        return Optional.of(
            InvalidInputException.of(
                    "heap of %d MiB".formatted(Runtime.getRuntime().maxMemory() >> 20),
                    "it is too small for this input",
                    REMEDY)
                .getMessage());
      }
    }
    return Optional.empty();
  }
}
