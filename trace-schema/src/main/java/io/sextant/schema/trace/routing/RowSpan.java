package io.sextant.schema.trace.routing;

/**
 * The positions of an array's rows in their request.
 *
 * @param start position of the first row
 * @param from first position to take
 * @param to position after the last one to take
 * @param promptEnd position at which the prompt ends; -1 if not known
 */
public record RowSpan(long start, long from, long to, long promptEnd) {
  private static final long END = Long.MAX_VALUE;

  /** A span with all rows of the array. */
  public static RowSpan all(long start, long promptEnd) {
    return new RowSpan(start, 0, END, promptEnd);
  }

  /** A span in which all rows belong to the prompt. */
  public static RowSpan prompt(long start) {
    return new RowSpan(start, 0, END, END);
  }

  /** A span in which all rows belong to generated tokens. */
  public static RowSpan generated(long start) {
    return new RowSpan(start, 0, END, 0);
  }

  /** Only the rows from a position on. */
  public RowSpan from(long position) {
    return new RowSpan(start, Math.max(from, position), to, promptEnd);
  }

  /** The same rows with a different end of the prompt. */
  public RowSpan withPromptEnd(long end) {
    return new RowSpan(start, from, to, end);
  }
}
