package io.sextant.jobs.mix;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The requests of a window that make up the traffic to plan for or to score on. Whole requests are
 * left out by a hash, so that every layer and every run keeps the same ones.
 *
 * @param hours the hours in which requests arrive; null for all hours
 * @param kept the part of the requests that is kept, from 0 to 1, by label; empty to keep all
 * @param change how the traffic differs from the recorded one, as a text without layout; null if it
 *     does not
 * @param named the shares of the labels that the user named
 */
public record Traffic(
    Hours hours, NavigableMap<String, Double> kept, String change, List<Share> named)
    implements Serializable {
  /** All requests, as they were recorded. */
  public static final Traffic RECORDED =
      new Traffic(null, Collections.emptyNavigableMap(), null, List.of());

  /** Bits of the hash that are compared; a double holds as many exactly. */
  private static final int BITS = 53;

  /**
   * A label's share of the tokens.
   *
   * @param label name of the label
   * @param recorded the share that was recorded
   * @param changed the share that is planned for
   */
  public record Share(String label, double recorded, double changed) implements Serializable {}

  /** Whether all requests count, as they were recorded. */
  public boolean isRecorded() {
    return hours == null && kept.isEmpty();
  }

  /**
   * The rows of the requests that are kept.
   *
   * @param rows rows with the columns {@code source}, {@code request_id} and {@code arrival_ms}
   * @param label name of the column with the label
   */
  public Dataset<Row> of(Dataset<Row> rows, String label) {
    Dataset<Row> inHours = hours == null ? rows : rows.where(hours.containArrival());
    return kept.isEmpty()
        ? inHours
        : inHours.where(
            expr("shiftrightunsigned(xxhash64(source, request_id, arrival_ms), %d)"
                    .formatted(Long.SIZE - BITS))
                .lt(bound(label)));
  }

  /** The bound of the hash by label. Labels with the same bound share one comparison. */
  private Column bound(String label) {
    NavigableMap<Long, List<String>> labels = new TreeMap<>();
    for (Map.Entry<String, Double> part : kept.entrySet()) {
      long bound = (long) (part.getValue() * (1L << BITS));
      labels.computeIfAbsent(bound, of -> new ArrayList<>()).add(part.getKey());
    }
    Column bounds = lit(1L << BITS);
    for (Map.Entry<Long, List<String>> same : labels.entrySet()) {
      bounds =
          when(col(label).isin(same.getValue().toArray()), lit(same.getKey())).otherwise(bounds);
    }
    return bounds;
  }

  /** The change as a line of text; empty if there is none. */
  public String line() {
    if (isRecorded()) {
      return "";
    }
    String shares =
        named.stream()
            .map(
                share ->
                    String.format(
                        Locale.ROOT,
                        "%s %.1f %% of tokens (recorded: %.1f %%)",
                        share.label(),
                        100 * share.changed(),
                        100 * share.recorded()))
            .collect(Collectors.joining(", "));
    String mix = named.isEmpty() ? "" : "for a mix of %s, others in proportion".formatted(shares);
    String arrivals =
        hours == null
            ? ""
            : "for arrivals from %d:00 to %d:00 UTC".formatted(hours.from(), hours.to());
    return "planned and scored %s%n"
        .formatted(mix.isEmpty() || arrivals.isEmpty() ? mix + arrivals : mix + ", " + arrivals);
  }

  /** The change as JSON; adds nothing if there is none. */
  public void put(ObjectNode node) {
    if (isRecorded()) {
      return;
    }
    ObjectNode traffic = node.putObject("traffic").put("change", change);
    ObjectNode shares = traffic.putObject("shares");
    for (Share share : named) {
      shares
          .putObject(share.label())
          .put("recorded", share.recorded())
          .put("planned", share.changed());
    }
  }
}
