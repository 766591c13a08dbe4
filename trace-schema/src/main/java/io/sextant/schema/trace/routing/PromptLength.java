package io.sextant.schema.trace.routing;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The length of a request's prompt. The sources are its token ids, the server's count and the user.
 * If they differ, the length is not known, and the phases of the rows are not guessed.
 *
 * @param tokens length in tokens; -1 if not known
 * @param doubt the reason why given lengths are not used; null if there is none
 */
public record PromptLength(long tokens, String doubt) {

  /**
   * @param said lengths by source; -1 if a source gives none
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
