package io.sextant.schema.trace.response;

import io.sextant.schema.trace.routing.RouteTally;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Combines the lines of one request so that no position counts twice.
 *
 * <ul>
 *   <li>A line that repeats another is dropped.
 *   <li>Lines whose positions do not overlap are parts of one request.
 *   <li>A disaggregating router runs the prompt on a prefill server, which generates one token, and
 *       the rest on a decode server. The decode server never ran the prompt, so its rows of the
 *       prompt are garbage (github.com/vllm-project/router/pull/184). Positions in the prefill
 *       server's line are taken from it, the others from the decode server's line.
 *   <li>Several lines with generated tokens for the same positions are separate requests.
 * </ul>
 */
final class SameRequest {
  private SameRequest() {}

  /**
   * @param parts the parts in the order of the file
   * @return the parts of each request; positions ascend and do not overlap
   */
  static List<List<Part>> together(List<Part> parts, RouteTally tally) {
    List<Part> different = new ArrayList<>();
    for (Part part : parts) {
      if (different.stream().anyMatch(part::same)) {
        tally.note("line", "repeating another of the same request: counted once");
      } else {
        different.add(part);
      }
    }
    different.sort(Comparator.comparingLong(Part::end));
    if (different.isEmpty()) {
      return List.of();
    }
    if (different.size() == 1 || disjoint(different)) {
      return List.of(merged(different));
    }
    List<Part> whole = new ArrayList<>(different.stream().filter(p -> !p.promptOnly()).toList());
    if (whole.size() > 1 && whole.size() == different.size() && nested(whole)) {
      tally.note(
          "request",
          "with several lines, and nothing says which server ran the prompt: each position is taken from the shortest line that has it; log usage.prompt_tokens and completion_tokens beside the routes");
      return List.of(merged(different));
    }
    if (whole.size() > 1) {
      tally.note(
          "request", "whose id has several lines with other routes: each line counts as a request");
    } else if (whole.size() == 1) {
      tally.note(
          "request",
          "run by a prefill and a decode server: the prompt's rows are the prefill server's, the others the decode server's");
    }
    List<Part> prompts = new ArrayList<>(different);
    prompts.removeAll(whole);
    if (whole.isEmpty()) {
      return List.of(merged(prompts));
    }
    List<List<Part>> requests = new ArrayList<>();
    for (int i = 0; i < whole.size(); i++) {
      List<Part> request = new ArrayList<>(i == 0 ? prompts : List.of());
      request.add(whole.get(i));
      requests.add(merged(request));
    }
    return requests;
  }

  private static boolean disjoint(List<Part> byEnd) {
    for (int i = 1; i < byEnd.size(); i++) {
      if (byEnd.get(i).begin() < byEnd.get(i - 1).end()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether there are only two lines, of different lengths, and neither gives the lengths of its
   * prompt and generated text.
   */
  private static boolean nested(List<Part> byEnd) {
    return byEnd.size() == 2
        && byEnd.get(0).end() < byEnd.get(1).end()
        && byEnd.stream().allMatch(part -> part.promptTokens() < 0 && part.generatedTokens() < 0);
  }

  /**
   * Takes each position from the first part that has it. A prompt length known from one part is
   * used for all.
   */
  private static List<Part> merged(List<Part> byEnd) {
    long prompt = -1;
    for (Part part : byEnd) {
      prompt = Math.max(prompt, part.promptTokens());
    }
    if (prompt < 0 && byEnd.size() > 1 && byEnd.get(0).generatedTokens() == 1) {
      prompt = byEnd.get(0).end();
    }
    List<Part> merged = new ArrayList<>();
    long covered = 0;
    for (Part part : byEnd) {
      Part known = part.promptTokens() < 0 ? part.withPrompt(prompt, part.doubt()) : part;
      merged.add(known.from(covered));
      covered = Math.max(covered, part.end());
    }
    return merged;
  }
}
