package io.sextant.jobs.cli;

import io.sextant.schema.InvalidInputException;
import java.util.Optional;

/** Messages for a JVM that has too little memory for the command. */
public final class SmallHeap {
  /** With less, the embedded Spark and its classes leave no memory for the work. */
  public static final long LEAST_FOR_SPARK = 192L << 20;

  /** Memory that Spark's memory manager reserves; it refuses a heap of less than 1.5 times that. */
  private static final long RESERVED = 300L << 20;

  private static final String ERROR = OutOfMemoryError.class.getName();
  private static final String REMEDY = remedy("a larger value, for example 4g");

  private SmallHeap() {}

  /**
   * What to do about a heap that is too small.
   *
   * @param size the size to set, in words
   */
  public static String remedy(String size) {
    return "Set SEXTANT_HEAP (under spark-submit: --driver-memory and --executor-memory) to "
        + size;
  }

  /**
   * @param bytes maximum heap of the JVM
   * @throws InvalidInputException if that is too little for a Spark session
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
   * Memory that the embedded Spark reserves, in bytes: Spark's default if the heap is large enough.
   *
   * @param bytes maximum heap of the JVM
   */
  public static long reservedForSpark(long bytes) {
    return Math.min(RESERVED, bytes / 3);
  }

  /**
   * The line for a failure that is caused by a lack of memory; empty if it has another cause. Spark
   * reports failures of tasks as text only.
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
