package io.sextant.schema.trace.routing;

/**
 * Where an array's rows are in their request.
 *
 * @param start position of the first row
 * @param from first position to take
 * @param to position after the last one to take
 * @param promptEnd rows before this position are the prompt's; -1 if nobody knows
 */
public record RowSpan(long start, long from, long to, long promptEnd) {
  private static final long END = Long.MAX_VALUE;

  /** All rows. */
  public static RowSpan all(long start, long promptEnd) {
    return new RowSpan(start, 0, END, promptEnd);
  }

  /** All rows are the prompt's. */
  public static RowSpan prompt(long start) {
    return new RowSpan(start, 0, END, END);
  }

  /** All rows are of generated tokens. */
  public static RowSpan generated(long start) {
    return new RowSpan(start, 0, END, 0);
  }

  /** Only the rows from a position on. */
  public RowSpan from(long position) {
    return new RowSpan(start, Math.max(from, position), to, promptEnd);
  }

  /** The same rows with another end of the prompt. */
  public RowSpan withPromptEnd(long end) {
    return new RowSpan(start, from, to, end);
  }
}
