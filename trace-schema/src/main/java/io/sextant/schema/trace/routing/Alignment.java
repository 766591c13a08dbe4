package io.sextant.schema.trace.routing;

/**
 * Where the rows of an array are in a request of which more or less is known. A request has a row
 * for every token that went through the model: prompt + generated - 1, because the last generated
 * token is not fed back.
 *
 * @param span where the rows are
 * @param prefixAssumed whether rows are taken to miss at the beginning because there are fewer than
 *     the request's tokens
 * @param doubt why the prompt's length cannot be used although one is given; null if it can
 */
public record Alignment(RowSpan span, boolean prefixAssumed, String doubt) {

  /**
   * @param rows of the array
   * @param start position of the first row; -1 if not given
   * @param promptTokens length of the prompt; -1 if not known
   * @param generatedTokens tokens generated; -1 if not known
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
