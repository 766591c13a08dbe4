package io.sextant.schema.trace.routing;

/**
 * Finds the positions of an array's rows in a request from the lengths that are known. A request
 * has one row per token that went through the model: prompt + generated - 1, because the last
 * generated token is not fed back.
 *
 * @param span the positions of the rows
 * @param prefixAssumed whether the first rows are assumed to be missing because there are fewer
 *     rows than the request should have
 * @param doubt the reason why a given prompt length cannot be used; null if there is none
 */
public record Alignment(RowSpan span, boolean prefixAssumed, String doubt) {

  /**
   * @param rows number of rows of the array
   * @param start position of the first row; -1 if not given
   * @param promptTokens length of the prompt; -1 if not known
   * @param generatedTokens number of generated tokens; -1 if not known
   */
  public static Alignment of(long rows, long start, long promptTokens, long generatedTokens) {
    if (promptTokens < 0) {
      return new Alignment(RowSpan.all(Math.max(start, 0), -1), false, null);
    }
    if (start >= 0) {
      return new Alignment(RowSpan.all(start, promptTokens), false, null);
    }
    if (generatedTokens >= 0) {
      long expected = promptTokens + Math.max(generatedTokens - 1, 0);
      long missing = Math.max(expected - rows, 0);
      return new Alignment(RowSpan.all(missing, promptTokens), missing > 0, null);
    }
    if (promptTokens > rows) {
      return new Alignment(
          RowSpan.all(0, -1),
          false,
          "the prompt has %d tokens, the request only %d rows".formatted(promptTokens, rows));
    }
    return new Alignment(RowSpan.all(0, promptTokens), false, null);
  }
}
