package io.sextant.jobs.refresh;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.ingest.IngestSummary;
import io.sextant.jobs.plan.Backtest;
import io.sextant.jobs.plan.DecisionJson;
import io.sextant.placement.decision.Decision;
import io.sextant.placement.decision.Verdict;
import io.sextant.placement.evaluate.PlacementMetrics;
import java.time.Instant;
import java.util.Optional;

/** What a night leaves for programs: decision.json and the Prometheus file. */
record NightFiles(RefreshSettings settings, Night night) {

  /**
   * The decision with its figures.
   *
   * @param version the version that carries it; null where none is published
   */
  String decisionJson(String version) {
    return decision(version).toPrettyString() + "\n";
  }

  /** As {@link #decisionJson}, for whoever puts it elsewhere. */
  ObjectNode decision(String version) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("run_id", night.runId())
        .put("model", settings.model().name())
        .put("cluster", settings.cluster().name())
        .put("slots", settings.slots())
        .put("seed", settings.seed())
        .put("verdict", DecisionJson.word(night.verdict()))
        .put("reason", night.reason())
        .put("published_version", version)
        .put("former_version", night.formerVersion())
        .put("in_force_version", version == null ? night.formerVersion() : version);
    TraceDays days = night.days();
    root.put("plan_from", days == null ? null : days.planFrom().toString())
        .put("plan_to", days == null ? null : days.planTo().toString())
        .put("scored_day", days == null ? null : days.scored().toString());
    if (night.scored() == null) {
      root.putNull("moved_bytes");
      return root;
    }
    Decision decision = night.scored().decision();
    boolean first = night.planned().current() == null;
    DecisionJson.put(root, decision);
    root.put("planned_from_tokens", night.planned().sampledTokens())
        .put("window_tokens", night.planned().windowTokens());
    if (first) {
      // Nothing is moved onto GPUs that are loaded for the first time.
      root.putNull("moved_bytes").putNull("max_moved_bytes").putNull("afresh_moved_bytes");
    } else {
      root.put("max_moved_bytes", Backtest.limitBytes(settings.maxMovedBytes(), settings.model()))
          .put("afresh_moved_bytes", night.scored().movedBytes().total(Backtest.AFRESH));
    }
    ObjectNode maps = root.putObject("maps");
    put(maps, "current", night.inForcePlan());
    put(maps, "candidate", Backtest.SEXTANT);
    put(maps, "afresh", first ? Backtest.SEXTANT : Backtest.AFRESH);
    return root;
  }

  private void put(ObjectNode maps, String name, String plan) {
    PlacementMetrics m = night.scored().metrics(plan).orElseThrow();
    ObjectNode node = maps.putObject(name).put("plan", plan);
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

  /**
   * For node exporter's textfile collector. What was not computed is left out.
   *
   * @param publishedAt when the version in force was published, if one is
   */
  String prometheus(int exitCode, double seconds, Instant now, Optional<Instant> publishedAt) {
    PrometheusText text = new PrometheusText();
    String model = settings.model().name();
    text.gauge(
        "sextant_refresh_last_run_timestamp_seconds",
        "When the last refresh ended, Unix time.",
        now.toEpochMilli() / 1e3,
        "model",
        model);
    text.gauge(
        "sextant_refresh_exit_code",
        "Exit code of the last refresh: 0 done, 2 input, 3 bug, 5 evidence, 6 storage.",
        exitCode,
        "model",
        model);
    text.gauge(
        "sextant_refresh_duration_seconds",
        "How long the last refresh took.",
        seconds,
        "model",
        model);
    night
        .stageSeconds()
        .forEach(
            (stage, took) ->
                text.gauge(
                    "sextant_refresh_stage_duration_seconds",
                    "How long a stage of the last refresh took.",
                    took,
                    "model",
                    model,
                    "stage",
                    stage));
    publishedAt.ifPresent(
        at ->
            text.gauge(
                "sextant_published_timestamp_seconds",
                "When the version in force was published, Unix time.",
                at.toEpochMilli() / 1e3,
                "model",
                model));
    if (night.ingested() != null) {
      ingested(text, model, night.ingested());
    }
    if (night.verdict() != null) {
      for (Verdict verdict : Verdict.values()) {
        text.gauge(
            "sextant_refresh_decision",
            "1 for the verdict of the last refresh, 0 for the others.",
            verdict == night.verdict() ? 1 : 0,
            "model",
            model,
            "verdict",
            DecisionJson.word(verdict));
      }
    }
    if (night.scored() != null) {
      scored(text, model);
    }
    return text.text();
  }

  private static void ingested(PrometheusText text, String model, IngestSummary summary) {
    String read = "What the last refresh read of new files.";
    text.gauge("sextant_refresh_read_files", read, summary.ingestedFiles(), "model", model);
    text.gauge("sextant_refresh_read_requests", read, summary.requests(), "model", model);
    text.gauge("sextant_refresh_read_tokens", read, summary.tokens(), "model", model);
    String quarantined = "What the last refresh put into quarantine.";
    text.gauge(
        "sextant_refresh_quarantined_files",
        quarantined,
        summary.quarantinedFiles(),
        "model",
        model);
    text.gauge(
        "sextant_refresh_quarantined_requests",
        quarantined,
        summary.quarantinedRequests(),
        "model",
        model);
  }

  private void scored(PrometheusText text, String model) {
    map(text, model, "before", night.inForcePlan());
    map(text, model, "candidate", Backtest.SEXTANT);
    map(
        text,
        model,
        "after",
        night.publishedVersion() == null ? night.inForcePlan() : Backtest.SEXTANT);
    Decision decision = night.scored().decision();
    if (decision.gain() != null) {
      String help = "By how much the candidate's layer time is shorter, as a share; 95 % interval.";
      String name = "sextant_refresh_gain_ratio";
      text.gauge(name, help, decision.gain().value(), "model", model, "bound", "mean");
      text.gauge(name, help, decision.gain().low(), "model", model, "bound", "low");
      text.gauge(name, help, decision.gain().high(), "model", model, "bound", "high");
    }
    if (night.planned().current() != null) {
      text.gauge(
          "sextant_refresh_candidate_moved_bytes",
          "Expert weights that the candidate would move from the map in force.",
          decision.moving().bytes(),
          "model",
          model);
      text.gauge(
          "sextant_refresh_moved_bytes",
          "Expert weights that the last refresh moved, by publishing.",
          night.publishedVersion() == null ? 0 : decision.moving().bytes(),
          "model",
          model);
      text.gauge(
          "sextant_refresh_moved_bytes_limit",
          "The most expert weights that the last refresh was allowed to move.",
          Backtest.limitBytes(settings.maxMovedBytes(), settings.model()),
          "model",
          model);
    }
  }

  private void map(PrometheusText text, String model, String which, String plan) {
    PlacementMetrics m = night.scored().metrics(plan).orElseThrow();
    gauge(
        text,
        "sextant_placement_remote_nodes_per_token",
        "Nodes a token is sent to, on the day scored on: map in force before, candidate, after.",
        m.remoteNodesPerToken(),
        model,
        which);
    gauge(
        text,
        "sextant_placement_gpu_load_max_over_mean_ratio",
        "Busiest GPU over the mean, averaged over micro-batches.",
        m.maxOverMeanGpuLoad(),
        model,
        which);
    gauge(
        text,
        "sextant_placement_node_receive_max_over_mean_ratio",
        "Node that receives most over the mean, averaged over micro-batches.",
        m.maxOverMeanNodeReceive(),
        model,
        which);
    gauge(
        text,
        "sextant_placement_predicted_layer_seconds",
        "Predicted time of a layer for a micro-batch.",
        m.layerMicros() / 1e6,
        model,
        which);
  }

  private static void gauge(
      PrometheusText text, String name, String help, double value, String model, String which) {
    if (!Double.isNaN(value)) {
      text.gauge(name, help, value, "model", model, "map", which);
    }
  }
}
