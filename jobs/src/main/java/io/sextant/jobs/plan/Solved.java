package io.sextant.jobs.plan;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.decide.DecisionJson;
import io.sextant.jobs.window.DayWeights;
import io.sextant.placement.decision.Decision;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code solve} found.
 *
 * @param text for a person
 * @param plans every figure of every plan, as in metrics.json
 * @param decision against the map in force; empty if there is none
 * @param days how much each day of the window counted; empty if a plan was made from counts
 * @param placement the plan's file
 */
public record Solved(
    String text,
    ArrayNode plans,
    Optional<Decision> decision,
    Optional<DayWeights> days,
    Path placement) {

  /** For a program. */
  public ObjectNode json() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("placement", placement.toString());
    root.set("plans", plans);
    days.ifPresent(weights -> weights.put(root.putObject("days")));
    decision.ifPresent(d -> DecisionJson.put(root.putObject("decision"), d));
    return root;
  }
}
