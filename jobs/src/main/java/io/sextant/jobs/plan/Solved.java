package io.sextant.jobs.plan;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.decide.DecisionJson;
import io.sextant.jobs.throughput.ThroughputTable;
import io.sextant.jobs.window.DayWeights;
import io.sextant.placement.decision.Decision;
import io.sextant.schema.placement.PlanId;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The result of {@code solve}.
 *
 * @param text the result as text
 * @param plans every figure of every plan, as in metrics.json
 * @param decision the decision between the plan and the map in force; empty if there is none
 * @param days weight of each day of the window; empty if the plan was made from counts
 * @param throughput what the plans bring in tokens per second; empty if it is not known
 * @param written the plan that was written
 */
public record Solved(
    String text,
    ArrayNode plans,
    Optional<Decision> decision,
    Optional<DayWeights> days,
    Optional<ThroughputTable> throughput,
    Written written) {

  /**
   * A plan that was written.
   *
   * @param placement the plan's file
   * @param id the plan's id
   */
  public record Written(Path placement, PlanId id) {}

  /** The result as JSON. */
  public ObjectNode json() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("placement", written.placement().toString()).put("plan_id", written.id().value());
    root.set("plans", plans);
    days.ifPresent(weights -> weights.put(root.putObject("days")));
    throughput.ifPresent(of -> of.put(root.putObject("throughput")));
    decision.ifPresent(d -> DecisionJson.put(root.putObject("decision"), d));
    return root;
  }
}
