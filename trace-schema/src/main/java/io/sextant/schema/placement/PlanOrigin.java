package io.sextant.schema.placement;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Optional;

/**
 * The plan that a map belongs to, as recorded in a map of our own format.
 *
 * @param id the plan's id
 * @param cluster name of the cluster that the plan is for
 * @param plannedFrom first day of the traces that the map was made from; null if it was not made
 *     from traces
 * @param plannedTo last day of these traces; null if it was not made from traces
 * @param traffic how the traffic that the map was made for differs from the recorded one; null if
 *     it does not
 */
public record PlanOrigin(
    PlanId id, String cluster, String plannedFrom, String plannedTo, String traffic) {
  static final String PLAN_ID = "plan_id";
  private static final String CLUSTER = "cluster";
  private static final String PLANNED_FROM = "planned_from";
  private static final String PLANNED_TO = "planned_to";
  private static final String TRAFFIC = "planned_traffic";

  /** The origin of a map for the traffic that was recorded. */
  public PlanOrigin(PlanId id, String cluster, String plannedFrom, String plannedTo) {
    this(id, cluster, plannedFrom, plannedTo, null);
  }

  /** The origin of a map that was planned for these inputs. */
  public static PlanOrigin of(PlacementMap map, PlanInputs inputs) {
    return new PlanOrigin(
        PlanId.of(map, inputs),
        inputs.cluster().name(),
        inputs.plannedFrom(),
        inputs.plannedTo(),
        inputs.traffic());
  }

  /**
   * The origin that a file names; empty if it names none, as files of earlier releases do.
   *
   * @param where the file, for messages
   * @throws io.sextant.schema.InvalidInputException if the plan's id is malformed
   */
  static Optional<PlanOrigin> of(String where, JsonNode root) {
    return root.has(PLAN_ID)
        ? Optional.of(
            new PlanOrigin(
                PlanId.parse(where + ": " + PLAN_ID, root.get(PLAN_ID).textValue()),
                root.path(CLUSTER).textValue(),
                root.path(PLANNED_FROM).textValue(),
                root.path(PLANNED_TO).textValue(),
                root.path(TRAFFIC).textValue()))
        : Optional.empty();
  }

  /** Lines of JSON, each with a comma at its end. */
  String json() {
    return line(PLAN_ID, id.value())
        + line(CLUSTER, cluster)
        + line(PLANNED_FROM, plannedFrom)
        + line(PLANNED_TO, plannedTo)
        + line(TRAFFIC, traffic);
  }

  private static String line(String key, String value) {
    return value == null ? "" : "  \"%s\": %s,\n".formatted(key, TextNode.valueOf(value));
  }
}
