package io.sextant.jobs.cli;

import io.sextant.schema.InvalidInputException;
import java.util.Optional;

/** What a user reads if the JVM has too little memory for what it was asked to do. */
public final class SmallHeap {
  /** With less the embedded Spark and its classes leave nothing for the work. */
  public static final long LEAST_FOR_SPARK = 192L << 20;

  /**
   * What Spark's memory manager keeps for itself; it refuses a heap of less than 1.5 times that.
   */
  private static final long RESERVED = 300L << 20;

  private static final String ERROR = OutOfMemoryError.class.getName();
  private static final String REMEDY =
      "Set SEXTANT_HEAP (under spark-submit --driver-memory and --executor-memory) to more, 4g for"
          + " example";

  private SmallHeap() {}

  /**
   * @param bytes the most the JVM may use
   * @throws InvalidInputException if no Spark session can be made with it
   */
  public static void requireEnoughForSpark(long bytes) {
    if (bytes < LEAST_FOR_SPARK) {
      throw InvalidInputException.of(
          "heap of %d MiB".formatted(bytes >> 20),
          "Spark needs at least %d MiB".formatted(LEAST_FOR_SPARK >> 20),
          REMEDY);
    }
  }

  /**
   * What the embedded Spark is to keep for itself, in bytes: its own choice if the heap has room
   * for that.
   *
   * @param bytes the most the JVM may use
   */
  public static long reservedForSpark(long bytes) {
    return Math.min(RESERVED, bytes / 3);
  }

  /**
   * The line for a failure that is a lack of memory; empty if it is something else. Spark reports
   * what happened in a task as text.
   */
  public static Optional<String> line(Throwable thrown) {
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
