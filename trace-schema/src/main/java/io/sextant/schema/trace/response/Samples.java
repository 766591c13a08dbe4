package io.sextant.schema.trace.response;

import io.sextant.schema.trace.routing.RouteTally;
import java.util.ArrayList;
import java.util.List;

/**
 * Handles several answers in one response. Answers to one prompt all contain the prompt's rows,
 * which count once. Answers to several prompts contain the rows of their own prompts, and the
 * server's count of prompt tokens is the sum of all.
 */
final class Samples {
  private Samples() {}

  /**
   * @param parts the answers that have routes, in order
   * @return the same parts, with the rows of a shared prompt in the first part only
   */
  static List<Part> apart(Response response, List<Part> parts, RouteTally tally) {
    if (response.answers() == 1 || parts.isEmpty()) {
      return parts;
    }
    Part first = parts.get(0);
    long prompt = first.promptTokens();
    if (parts.size() > 1 && prompt >= 0 && parts.stream().allMatch(p -> samePrompt(p, first))) {
      List<Part> apart = new ArrayList<>(parts.subList(0, 1));
      for (Part further : parts.subList(1, parts.size())) {
        tally.note("answer", "to the prompt of another answer: its rows are counted once");
        apart.add(further.from(prompt));
      }
      return apart;
    }
    boolean sum = prompt == response.promptCount() && response.promptIds() < 0;
    return sum ? parts.stream().map(p -> p.withPrompt(-1, null)).toList() : parts;
  }

  private static boolean samePrompt(Part part, Part first) {
    Part.Piece mine = part.pieces().get(0);
    Part.Piece other = first.pieces().get(0);
    long rows = Math.max(0, first.promptTokens() - other.span().start());
    return part.promptTokens() == first.promptTokens()
        && part.begin() == first.begin()
        && rows <= mine.array().tokens()
        && rows <= other.array().tokens()
        && mine.array().sameRows(other.array(), rows);
  }
}
