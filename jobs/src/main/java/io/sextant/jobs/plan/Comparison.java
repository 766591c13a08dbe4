package io.sextant.jobs.plan;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.score.PlanScores;
import io.sextant.jobs.score.ScoreTable;
import io.sextant.jobs.window.DayWeights;
import io.sextant.placement.decision.Decision;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What {@code compare} found.
 *
 * @param scores of every plan
 * @param cpuSeconds by planner, over all layers
 * @param obstacles by planner that could not plan: why
 * @param sampledTokens tokens of a layer the plans were made from
 * @param windowTokens tokens of a layer in the window
 * @param days how much each day of the window counted, the same for every method
 * @param decision whether to put Sextant's plan in place of the current one, where there is one
 */
public record Comparison(
    PlanScores scores,
    Map<String, Double> cpuSeconds,
    Map<String, String> obstacles,
    long sampledTokens,
    long windowTokens,
    DayWeights days,
    Optional<Decision> decision) {

  /** For a person. */
  public String text() {
    StringBuilder text = new StringBuilder(new ScoreTable(scores).text());
    text.append(
        String.format(
            "planned from %,d of %,d tokens a layer; CPU seconds of all layers: %s%n",
            sampledTokens,
            windowTokens,
            cpuSeconds.entrySet().stream()
                .map(e -> String.format(Locale.ROOT, "%s %.2f", e.getKey(), e.getValue()))
                .collect(Collectors.joining(", "))));
    text.append(days.line());
    obstacles.forEach(
        (planner, why) -> text.append("%s not available: %s%n".formatted(planner, why)));
    decision.map(DecisionJson::line).ifPresent(text::append);
    return text.toString();
  }

  /** For a program; {@code cpu_seconds} alone differ from run to run. */
  public ObjectNode json(List<Integer> layerIds) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ArrayNode plans = new ScoreTable(scores).plans(layerIds);
    for (int i = 0; i < plans.size(); i++) {
      ObjectNode plan = (ObjectNode) plans.get(i);
      plan.put("cpu_seconds", cpuSeconds.get(plan.get("plan").textValue()));
    }
    root.set("plans", plans);
    ObjectNode notAvailable = root.putObject("not_available");
    obstacles.forEach(notAvailable::put);
    root.put("planned_from_tokens", sampledTokens).put("window_tokens", windowTokens);
    days.put(root.putObject("days"));
    decision.ifPresent(d -> DecisionJson.put(root.putObject("decision"), d));
    return root;
  }
}
