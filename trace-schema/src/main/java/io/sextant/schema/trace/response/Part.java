package io.sextant.schema.trace.response;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.routing.Alignment;
import io.sextant.schema.trace.routing.MemoryRoutes;
import io.sextant.schema.trace.routing.PromptLength;
import io.sextant.schema.trace.routing.PromptLengths;
import io.sextant.schema.trace.routing.RequestRows;
import io.sextant.schema.trace.routing.RowSpan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The routing of a request as given by one answer of one line.
 *
 * @param response the line
 * @param pieces the arrays and the positions of their rows
 * @param promptTokens length of the prompt; -1 if not known
 * @param generatedTokens number of generated tokens; -1 if not known
 * @param prefixAssumed whether missing rows are assumed to be the first ones
 * @param doubt the reason why a given prompt length is not used; null if none was given or it is
 *     used
 */
record Part(
    Response response,
    List<Piece> pieces,
    long promptTokens,
    long generatedTokens,
    boolean prefixAssumed,
    String doubt) {

  /** An array and the positions of its rows. */
  record Piece(MemoryRoutes array, RowSpan span) {
    long end() {
      return span.start() + array.tokens();
    }

    boolean same(Piece other) {
      return span.start() == other.span.start()
          && array.tokens() == other.array.tokens()
          && array.sameRows(other.array, array.tokens());
    }
  }

  /**
   * @param given prompt lengths that the user gave, by request
   * @throws CorruptTraceException if the routes cannot be used
   */
  static Part of(Response response, Answer answer, Map<String, Integer> given, ModelSpec model)
      throws CorruptTraceException, IOException {
    PromptLength prompt = promptLength(response, answer, given);
    long start = answer.start >= 0 ? answer.start : response.start();
    long generated = answer.generatedTokens;
    if (generated < 0 && response.answers() == 1) {
      generated = response.generatedTokens();
    }
    if (answer.prompt != null) {
      return split(response, answer, start, prompt.tokens(), generated, model);
    }
    if (answer.routes.start() >= 0) {
      start = answer.routes.start();
    }
    long rows =
        prompt.tokens() < 0 || generated < 0
            ? -1
            : prompt.tokens() + Math.max(generated - 1, 0) - Math.max(start, 0);
    MemoryRoutes array = checked(answer.routes.array(model, rows), model);
    Alignment alignment = Alignment.of(array.tokens(), start, prompt.tokens(), generated);
    return new Part(
        response,
        List.of(new Piece(array, alignment.span())),
        alignment.span().promptEnd(),
        generated,
        alignment.prefixAssumed(),
        prompt.doubt() == null ? alignment.doubt() : prompt.doubt());
  }

  private static PromptLength promptLength(
      Response response, Answer answer, Map<String, Integer> given) {
    long user = PromptLengths.of(given, response.names());
    if (response.answers() == 1) {
      return PromptLength.of(
          answer.promptTokens, response.promptIds(), response.promptCount(), user);
    }
    // Each prompt's ids are in its answer, but the server's count is the sum over all prompts.
    if (answer.promptTokens >= 0) {
      return PromptLength.of(answer.promptTokens, user);
    }
    return response.promptIds() >= 0
        ? PromptLength.of(response.promptIds(), user)
        : PromptLength.of(response.promptCount(), user);
  }

  /**
   * The prompt's rows and those of generated tokens as separate arrays, as vLLM returned them in
   * May 2026.
   */
  private static Part split(
      Response response, Answer answer, long given, long promptTokens, long generated, ModelSpec m)
      throws CorruptTraceException, IOException {
    MemoryRoutes prompt = checked(answer.prompt.array(m, promptTokens), m);
    long start = given >= 0 ? given : Math.max(promptTokens - prompt.tokens(), 0);
    long end = start + prompt.tokens();
    List<Piece> pieces = new ArrayList<>();
    pieces.add(new Piece(prompt, RowSpan.prompt(start)));
    if (answer.routes != null) {
      MemoryRoutes rest = checked(answer.routes.array(m, Math.max(generated - 1, -1)), m);
      pieces.add(new Piece(rest, RowSpan.generated(end)));
    }
    return new Part(response, pieces, end, generated, given < 0 && start > 0, null);
  }

  private static MemoryRoutes checked(MemoryRoutes array, ModelSpec model)
      throws CorruptTraceException {
    RequestRows.positions(model, array);
    return array;
  }

  /** Position after the last row. */
  long end() {
    return pieces.get(pieces.size() - 1).end();
  }

  /** Position of the first row. */
  long begin() {
    return pieces.get(0).span().start();
  }

  /** Whether it comes from a server that only ran the prompt. */
  boolean promptOnly() {
    return promptTokens < 0 ? generatedTokens == 1 : end() <= promptTokens;
  }

  boolean same(Part other) {
    boolean same = pieces.size() == other.pieces.size();
    for (int i = 0; same && i < pieces.size(); i++) {
      same = pieces.get(i).same(other.pieces.get(i));
    }
    return same;
  }

  /** Only the rows from a position on. The prompt ends there if nothing else gives its end. */
  Part from(long position) {
    return new Part(
        response,
        pieces.stream().map(p -> new Piece(p.array(), p.span().from(position))).toList(),
        promptTokens,
        generatedTokens,
        prefixAssumed,
        doubt);
  }

  /** The same rows with a different end of the prompt. */
  Part withPrompt(long tokens, String why) {
    return new Part(
        response,
        pieces.stream().map(p -> new Piece(p.array(), p.span().withPromptEnd(tokens))).toList(),
        tokens,
        generatedTokens,
        prefixAssumed,
        why);
  }
}
