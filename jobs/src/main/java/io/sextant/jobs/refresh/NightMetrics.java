package io.sextant.jobs.refresh;

import io.sextant.jobs.decide.DecisionJson;
import io.sextant.jobs.ingest.IngestSummary;
import io.sextant.jobs.score.Plan;
import io.sextant.placement.decision.Decision;
import io.sextant.placement.decision.Verdict;
import io.sextant.placement.evaluate.PlacementMetrics;
import java.time.Instant;
import java.util.Optional;

/** A night's metrics for node exporter's textfile collector. */
record NightMetrics(RefreshSettings settings, Night night) {

  /**
   * The metrics in Prometheus' text format. Metrics that were not computed are left out.
   *
   * @param publishedAt time at which the version in force was published; empty if there is none
   */
  String text(int exitCode, double seconds, Instant now, Optional<Instant> publishedAt) {
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
        "Exit code of the last refresh: 0 success, 2 input, 3 bug, 5 evidence, 6 storage.",
        exitCode,
        "model",
        model);
    text.gauge(
        "sextant_refresh_duration_seconds",
        "Duration of the last refresh.",
        seconds,
        "model",
        model);
    night
        .stageSeconds()
        .forEach(
            (stage, took) ->
                text.gauge(
                    "sextant_refresh_stage_duration_seconds",
                    "Duration of a stage of the last refresh.",
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
    String read = "New files that the last refresh read, with their requests and tokens.";
    text.gauge("sextant_refresh_read_files", read, summary.ingestedFiles(), "model", model);
    text.gauge("sextant_refresh_read_requests", read, summary.requests(), "model", model);
    text.gauge("sextant_refresh_read_tokens", read, summary.tokens(), "model", model);
    String quarantined = "Files and requests that the last refresh quarantined.";
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
    map(text, model, "before", night.scored().inForcePlan());
    map(text, model, "candidate", Plan.SEXTANT);
    map(
        text,
        model,
        "after",
        night.publishedVersion() == null ? night.scored().inForcePlan() : Plan.SEXTANT);
    Decision decision = night.scored().decision();
    if (decision.gain() != null) {
      String help =
          "Reduction of the layer time by the candidate, as a ratio, with its 95 % interval.";
      String name = "sextant_refresh_gain_ratio";
      text.gauge(name, help, decision.gain().value(), "model", model, "bound", "mean");
      text.gauge(name, help, decision.gain().low(), "model", model, "bound", "low");
      text.gauge(name, help, decision.gain().high(), "model", model, "bound", "high");
    }
    if (!night.scored().first()) {
      text.gauge(
          "sextant_refresh_candidate_moved_bytes",
          "Expert weights that the candidate would move from the map in force.",
          decision.moving().bytes(),
          "model",
          model);
      text.gauge(
          "sextant_refresh_moved_bytes",
          "Expert weights that the last refresh moved by publishing a plan.",
          night.publishedVersion() == null ? 0 : decision.moving().bytes(),
          "model",
          model);
      text.gauge(
          "sextant_refresh_moved_bytes_limit",
          "Maximum of expert weights that the last refresh was allowed to move.",
          settings.planning().limit().bytes(),
          "model",
          model);
    }
  }

  private void map(PrometheusText text, String model, String which, String plan) {
    PlacementMetrics m = night.scored().metrics(plan);
    gauge(
        text,
        "sextant_placement_remote_nodes_per_token",
        "Remote nodes per token on the scored day: map in force before, candidate, map in"
            + " force after.",
        m.remoteNodesPerToken(),
        model,
        which);
    gauge(
        text,
        "sextant_placement_gpu_load_max_over_mean_ratio",
        "Load of the busiest GPU divided by the mean, averaged over micro-batches.",
        m.maxOverMeanGpuLoad(),
        model,
        which);
    gauge(
        text,
        "sextant_placement_node_receive_max_over_mean_ratio",
        "Tokens received by the busiest node divided by the mean, averaged over micro-batches.",
        m.maxOverMeanNodeReceive(),
        model,
        which);
    gauge(
        text,
        "sextant_placement_predicted_layer_seconds",
        "Predicted time of a layer per micro-batch.",
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
