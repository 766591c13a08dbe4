package io.sextant.schema.trace.routing;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How long a request's prompt is. Token ids tell, a server's count of them, and the user; if they
 * differ, nobody knows which of them is meant, and the phases of the rows are not guessed.
 *
 * @param tokens length; -1 if not known
 * @param doubt why given lengths are not used; null if there is nothing to doubt
 */
public record PromptLength(long tokens, String doubt) {

  /**
   * @param said lengths by source; -1 from a source that says none
   */
  public static PromptLength of(long... said) {
    Set<Long> found = new LinkedHashSet<>();
    for (long tokens : said) {
      if (tokens >= 0) {
        found.add(tokens);
      }
    }
    if (found.size() > 1) {
      return new PromptLength(
          -1,
          "the prompt is said to have %s tokens"
              .formatted(found.stream().map(String::valueOf).collect(Collectors.joining(" and "))));
    }
    return new PromptLength(found.isEmpty() ? -1 : found.iterator().next(), null);
  }
}
