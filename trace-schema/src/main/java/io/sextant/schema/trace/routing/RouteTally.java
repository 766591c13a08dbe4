package io.sextant.schema.trace.routing;

import io.sextant.schema.trace.TraceSink;
import java.util.LinkedHashMap;
import java.util.Map;

/** Adds up over the requests of a file what its user should know. */
public final class RouteTally {
  private long missingRows;
  private long requestsWithMissing;
  private long assumedPrefixes;
  private long unphased;
  private long doubted;
  private String example;
  private final Map<String, Long> others = new LinkedHashMap<>();

  /**
   * A request that was handed over.
   *
   * @param prefixAssumed whether rows are taken to miss at the beginning
   * @param doubt why a prompt length that was given is not used; null if there is none to doubt
   */
  public void count(RequestRows rows, boolean prefixAssumed, String doubt) {
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

  /** Something else that befell a request; how often comes before the sentence. */
  public void note(String sentence) {
    others.merge(sentence, 1L, Long::sum);
  }

  /** Says it all, a remark each. */
  public void report(TraceSink sink, RouteIds ids) {
    if (missingRows > 0) {
      sink.warn(
          "%d rows of %d requests have no route (-1, or never written), as of a prefix served from cache or of the last token; the other rows are counted"
              .formatted(missingRows, requestsWithMissing));
    }
    if (assumedPrefixes > 0) {
      sink.warn(
          "%d requests have fewer rows than prompt + generated - 1: the first rows are taken to be missing, as of a prefix served from cache"
              .formatted(assumedPrefixes));
    }
    if (unphased > 0) {
      sink.warn(
          "nothing says how long the prompt of %d requests is: their rows count without a phase; --prompt-lengths FILE gives the lengths"
              .formatted(unphased));
    }
    if (doubted > 0) {
      sink.warn(
          "%d requests have a prompt length that cannot be (%s): their rows count without a phase"
              .formatted(doubted, example));
    }
    others.forEach((sentence, times) -> sink.warn("%d %s".formatted(times, sentence)));
    if (ids.physical()) {
      sink.warn("its ids are physical slots; they are translated with --current-map");
    } else if (ids.mapUnused()) {
      sink.warn(
          "its ids are taken as logical experts, since none is beyond the model's; --expert-ids PHYSICAL translates them with --current-map");
    }
  }
}
