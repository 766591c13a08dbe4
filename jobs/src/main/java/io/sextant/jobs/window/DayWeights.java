package io.sextant.jobs.window;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.day.DayRange;
import io.sextant.jobs.mix.Traffic;
import java.io.Serializable;
import java.time.LocalDate;
import java.util.Collections;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The weight of each day of a window in planning, and the traffic that is planned for, the same for
 * every method.
 *
 * @param alike whether all days had to have the same weight
 * @param plannedFor the day for which the plans are made
 * @param weekend whether that day is a Saturday or Sunday
 * @param weights the share of a day's requests that is planned on, by day
 * @param traffic the requests of these days that are planned on
 */
public record DayWeights(
    boolean alike,
    LocalDate plannedFor,
    boolean weekend,
    Map<String, Double> weights,
    Traffic traffic)
    implements Serializable {

  /** The same days with other traffic. */
  DayWeights with(Traffic other) {
    return new DayWeights(alike, plannedFor, weekend, weights, other);
  }

  public double of(String day) {
    return weights.get(day);
  }

  /** The first and the last day that plans are made from. */
  public DayRange range() {
    return new DayRange(Collections.min(weights.keySet()), Collections.max(weights.keySet()));
  }

  /** The weights as one line of text, and the traffic as another if it differs. */
  public String line() {
    String rule =
        alike
            ? "all days alike"
            : "days weighted by kind for %s, a %s"
                .formatted(plannedFor, weekend ? "weekend day" : "working day");
    return "%s, for every method: %s%n"
            .formatted(
                rule,
                weights.entrySet().stream()
                    .map(day -> day.getKey() + " x " + (day.getValue() == 1 ? "1" : day.getValue()))
                    .collect(Collectors.joining(", ")))
        + traffic.line();
  }

  /** The weights as JSON. */
  public void put(ObjectNode node) {
    node.put("alike", alike).put("planned_for", plannedFor.toString());
    ObjectNode byDay = node.putObject("weights");
    weights.forEach(byDay::put);
    traffic.put(node);
  }
}
