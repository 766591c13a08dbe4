package io.sextant.jobs.group;

import io.sextant.jobs.window.WindowRequests;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.RouterKnowledge;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a router can learn from the requests of a window.
 *
 * @param knows what the router knows of a request in service
 * @param labels the labels, sorted; empty if requests have none, or all the same
 * @param byLabel the label of each prompt row; null if there are no labels
 * @param byToken the token id of each prompt row; null if there are no token ids
 */
record RequestKnowledge(
    RouterKnowledge knows, List<String> labels, RowKeys byLabel, RowKeys byToken) {

  /**
   * @throws InvalidInputException if the window does not say what the router has to know
   */
  static RequestKnowledge of(RouterKnowledge knows, Requests requests, WindowRequests window) {
    requireGroups(knows);
    // A router that sees the routing learns nothing, and works without the table of requests.
    Optional<Prompts> prompts =
        knows == RouterKnowledge.PREFILL
            ? Optional.empty()
            : window.rows().map(rows -> Prompts.of(requests, rows));
    List<String> labels =
        prompts
            .filter(Prompts::hasLabels)
            .map(of -> Stream.of(of.labels()).distinct().sorted().toList())
            .orElse(List.of());
    RequestKnowledge known =
        new RequestKnowledge(
            knows,
            labels,
            labels.isEmpty() ? null : RowKeys.byLabel(requests, prompts.orElseThrow(), labels),
            prompts
                .filter(Prompts::hasTokenIds)
                .map(of -> RowKeys.byToken(requests, of))
                .orElse(null));
    require(knows == RouterKnowledge.PREFILL || known.keys() != null, knows, window);
    return known;
  }

  /**
   * The router that knows most before prefill among those that requests of the window allow: by the
   * token ids of prompts, by labels, else by the experts of prompts.
   */
  static RouterKnowledge most(WindowRequests window) {
    if (window.haveTokenIds()) {
      return RouterKnowledge.PROMPT_TOKENS;
    }
    return window.haveLabels() ? RouterKnowledge.LABEL : RouterKnowledge.PREFILL;
  }

  /** Whether requests of the window have what a router has to know. */
  static boolean isKnown(RouterKnowledge knows, WindowRequests window) {
    return switch (knows) {
      case NOTHING -> false;
      case LABEL -> window.haveLabels();
      case PROMPT_TOKENS -> window.haveTokenIds();
      case PREFILL -> true;
    };
  }

  /**
   * Checks that a router can have groups, before a plan is made.
   *
   * @throws InvalidInputException if requests of the window lack what the router has to know
   */
  static void requireKnown(RouterKnowledge knows, WindowRequests window) {
    requireGroups(knows);
    require(isKnown(knows, window), knows, window);
  }

  private static void requireGroups(RouterKnowledge knows) {
    if (knows == RouterKnowledge.NOTHING) {
      throw InvalidInputException.of(
          "--router nothing", "such a router cannot make groups", "Leave out --group");
    }
  }

  private static void require(boolean known, RouterKnowledge knows, WindowRequests window) {
    if (known) {
      return;
    }
    boolean byLabel = knows == RouterKnowledge.LABEL;
    String where = "requests of " + window.describe();
    String problem =
        byLabel
            ? "--router label is not available, because they do not have different labels"
            : "--router prompt-tokens is not available, because none has the token ids of its prompt";
    String have =
        byLabel
            ? "Ingest traces that have them"
            : "Ingest traces that have them without --no-token-ids";
    boolean otherKnown = byLabel ? window.haveTokenIds() : window.haveLabels();
    String instead =
        otherKnown
            ? "give --router " + (byLabel ? "prompt-tokens" : "label")
            : "plan a decode pool, whose router knows the prefill: --pool decode --router prefill";
    throw InvalidInputException.of(where, problem, have + ", or " + instead);
  }

  /** The keys by which the router learns costs; null if it sees the routing itself. */
  RowKeys keys() {
    return switch (knows) {
      case LABEL -> byLabel;
      case PROMPT_TOKENS -> byToken;
      case NOTHING, PREFILL -> null;
    };
  }
}
