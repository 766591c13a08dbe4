package io.sextant.jobs.refresh;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.decide.DecisionJson;
import io.sextant.jobs.score.Plan;
import io.sextant.placement.decision.Decision;
import io.sextant.placement.evaluate.PlacementMetrics;

/** A night's decision as JSON, the file decision.json. */
record DecisionFile(RefreshSettings settings, Night night) {

  /**
   * The decision with its figures.
   *
   * @param version the version that contains it; null if none is published
   */
  String text(String version) {
    return json(version).toPrettyString() + "\n";
  }

  /** The same, as part of a larger document. */
  ObjectNode json(String version) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("run_id", night.runId())
        .put("model", settings.model().name())
        .put("cluster", settings.target().cluster().name())
        .put("serving", settings.target().profile().name())
        .put("copy_rule", settings.target().profile().copyRule().id())
        .put("slots", settings.target().layout().slots())
        .put("seed", settings.planning().solver().seed())
        .put("verdict", DecisionJson.word(night.verdict()))
        .put("reason", night.reason())
        .put("published_version", version)
        .put("former_version", night.formerVersion())
        .put("in_force_version", version == null ? night.formerVersion() : version);
    ArrayNode warnings = root.putArray("engine_warnings");
    settings.engineWarnings().forEach(warnings::add);
    TraceDays days = night.days();
    root.put("plan_from", days == null ? null : days.planFrom().toString())
        .put("plan_to", days == null ? null : days.planTo().toString())
        .put("scored_day", days == null ? null : days.scored().toString());
    if (night.scored() == null) {
      root.putNull("moved_bytes");
      return root;
    }
    Decision decision = night.scored().decision();
    boolean first = night.scored().first();
    DecisionJson.put(root, decision);
    root.put("plan_id", night.scored().id(Plan.SEXTANT).value())
        .put("in_force_plan_id", night.scored().id(night.scored().inForcePlan()).value());
    root.put("candidate_moved_bytes", decision.moving().bytes());
    if (version == null) {
      // The map in force stays, so nothing is moved.
      root.put("moved_bytes", 0);
    }
    root.put("planned_from_tokens", night.planned().planned().sampledTokens())
        .put("window_tokens", night.planned().planned().windowTokens());
    if (first) {
      // On GPUs that are loaded for the first time no expert is moved.
      root.putNull("moved_bytes")
          .putNull("candidate_moved_bytes")
          .putNull("max_moved_bytes")
          .putNull("afresh_moved_bytes");
    } else {
      root.put("max_moved_bytes", settings.planning().limit().bytes())
          .put("afresh_moved_bytes", night.scored().scored().movedBytes().total(Plan.AFRESH));
    }
    ObjectNode maps = root.putObject("maps");
    put(maps, "current", night.scored().inForcePlan());
    put(maps, "candidate", Plan.SEXTANT);
    put(maps, "afresh", first ? Plan.SEXTANT : Plan.AFRESH);
    return root;
  }

  private void put(ObjectNode maps, String name, String plan) {
    PlacementMetrics m = night.scored().metrics(plan);
    ObjectNode node =
        maps.putObject(name).put("plan", plan).put("plan_id", night.scored().id(plan).value());
    put(node, "remote_nodes_per_token", m.remoteNodesPerToken());
    put(node, "max_over_mean_gpu_load", m.maxOverMeanGpuLoad());
    put(node, "max_over_mean_node_receive", m.maxOverMeanNodeReceive());
    put(node, "predicted_layer_micros", m.layerMicros());
  }

  private static void put(ObjectNode node, String name, double value) {
    if (Double.isNaN(value)) {
      node.putNull(name);
    } else {
      node.put(name, value);
    }
  }
}
