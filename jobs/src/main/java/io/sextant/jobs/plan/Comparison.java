package io.sextant.jobs.plan;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.decide.DecisionJson;
import io.sextant.jobs.layers.PlannedMaps;
import io.sextant.jobs.score.PlanScores;
import io.sextant.jobs.score.ScoreTable;
import io.sextant.placement.decision.Decision;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The result of {@code compare}.
 *
 * @param scores figures of every plan
 * @param cpuSeconds CPU seconds over all layers, by planner
 * @param obstacles the reason for each planner that could not plan
 * @param planned the plans, and the sample that they were made from
 * @param decision whether to replace the current map by Sextant's plan, if there is a current map
 */
public record Comparison(
    PlanScores scores,
    Map<String, Double> cpuSeconds,
    Map<String, String> obstacles,
    PlannedMaps planned,
    Optional<Decision> decision) {

  /** The result as text. */
  public String text() {
    StringBuilder text = new StringBuilder(new ScoreTable(scores).text());
    text.append(
        String.format(
            "planned from %,d of %,d tokens a layer; CPU seconds of all layers: %s%n",
            planned.sampledTokens(),
            planned.windowTokens(),
            cpuSeconds.entrySet().stream()
                .map(e -> String.format(Locale.ROOT, "%s %.2f", e.getKey(), e.getValue()))
                .collect(Collectors.joining(", "))));
    text.append(planned.days().line());
    obstacles.forEach(
        (planner, why) -> text.append("%s not available: %s%n".formatted(planner, why)));
    decision.map(d -> DecisionJson.line(d, scores.profile())).ifPresent(text::append);
    return text.toString();
  }

  /** The result as JSON; only {@code cpu_seconds} differ from run to run. */
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
    root.put("planned_from_tokens", planned.sampledTokens())
        .put("window_tokens", planned.windowTokens());
    planned.days().put(root.putObject("days"));
    decision.ifPresent(d -> DecisionJson.put(root.putObject("decision"), d));
    return root;
  }
}
