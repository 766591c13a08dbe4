package io.sextant.schema.trace.routing;

import io.sextant.schema.trace.TraceSink;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts conditions that the user should know about, over the requests of a file, and reports them.
 */
public final class RouteTally {
  private record Note(String noun, String sentence) {}

  private long requests;
  private long missingRows;
  private long requestsWithMissing;
  private long assumedPrefixes;
  private long unphased;
  private long doubted;
  private String example;
  private final Map<Note, Long> others = new LinkedHashMap<>();

  /**
   * Counts a request that was delivered.
   *
   * @param prefixAssumed whether missing rows are assumed to be the first ones
   * @param doubt the reason why a given prompt length is not used; null if there is none
   */
  public void count(RequestRows rows, boolean prefixAssumed, String doubt) {
    requests++;
    missingRows += rows.missing();
    requestsWithMissing += rows.missing() > 0 ? 1 : 0;
    assumedPrefixes += prefixAssumed ? 1 : 0;
    if (rows.unphased() && doubt != null) {
      doubted++;
      example = example == null ? doubt : example;
    } else if (rows.unphased()) {
      unphased++;
    }
  }

  /**
   * Counts another condition.
   *
   * @param noun the thing concerned, in the singular
   * @param sentence the rest of the sentence after the noun
   */
  public void note(String noun, String sentence) {
    others.merge(new Note(noun, sentence), 1L, Long::sum);
  }

  private static String many(long count, String noun) {
    return "%d %s%s".formatted(count, noun, count == 1 ? "" : "s");
  }

  /** Reports each condition as one remark. */
  public void report(TraceSink sink, RouteIds ids) {
    if (missingRows > 0) {
      sink.warn(
          "%s of %s without a route (-1, or never written), for example of a prefix served from cache or of the last token; the other rows are counted"
              .formatted(many(missingRows, "row"), many(requestsWithMissing, "request")));
    }
    if (assumedPrefixes > 0) {
      sink.warn(
          "%s with fewer rows than prompt + generated - 1: the first rows are assumed to be missing, for example of a prefix served from cache"
              .formatted(many(assumedPrefixes, "request")));
    }
    if (unphased > 0) {
      sink.warn(
          "the prompt length of %s is not known: the rows count without a phase; give the lengths with --prompt-lengths FILE"
              .formatted(many(unphased, "request")));
    }
    if (doubted > 0) {
      sink.warn(
          "%s with an impossible prompt length (%s): the rows count without a phase"
              .formatted(many(doubted, "request"), example));
    }
    others.forEach((note, times) -> sink.warn(many(times, note.noun()) + " " + note.sentence()));
    if (ids.untranslated() && requests > 0) {
      sink.warn(
          "other requests of it have ids that can only be slots: if %s, whose ids are all below num_experts, had slots too, the counts are wrong; --current-map translates them"
              .formatted(many(requests, "request")));
    }
    if (ids.physical()) {
      sink.warn("its ids are physical slots; they are translated with --current-map");
    } else if (ids.mapUnused()) {
      sink.warn(
          "its ids are taken for logical experts, because none is beyond the model's; --expert-ids PHYSICAL translates them with --current-map");
    }
  }
}
