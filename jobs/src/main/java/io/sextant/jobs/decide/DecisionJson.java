package io.sextant.jobs.decide;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.placement.decision.Decision;
import io.sextant.placement.decision.Verdict;
import io.sextant.schema.spec.ServingProfile;
import io.sextant.schema.stats.Estimate;
import java.util.Locale;

/** Formats a decision as JSON and as a line of text. */
public final class DecisionJson {
  private DecisionJson() {}

  /** The verdict's name in files and in text. */
  public static String word(Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /**
   * A decision as one line of text.
   *
   * @param profile the serving profile under which the gain was computed
   */
  public static String line(Decision d, ServingProfile profile) {
    return String.format(
        Locale.ROOT,
        "decision  %s: %s Moving %,.1f MB takes %,.1f ms. Serving profile: %s.%n",
        word(d.verdict()),
        d.reason(),
        d.moving().bytes() / 1e6,
        d.moving().moveMicros() / 1e3,
        profile.name());
  }

  /** Adds all figures of a decision. An interval is null if there was too little data for it. */
  public static void put(ObjectNode node, Decision d) {
    node.put("verdict", word(d.verdict()))
        .put("reason", d.reason())
        .put("micro_batches", d.microBatches());
    put(node, "gain", d.gain());
    node.put("least_gain", d.least());
    put(node, "current_layer_micros", d.currentLayerMicros());
    put(node, "candidate_layer_micros", d.candidateLayerMicros());
    put(node, "saved_remote_nodes_per_token", d.savedRemoteNodes());
    put(node, "saved_max_over_mean_gpu_load", d.savedGpuLoad());
    put(node, "saved_max_over_mean_node_receive", d.savedNodeReceive());
    node.put("moved_bytes", d.moving().bytes())
        .put("busiest_node_bytes", d.moving().busiestNodeBytes())
        .put("move_micros", d.moving().moveMicros())
        .put("hours_until_refresh", d.moving().hoursUntilRefresh())
        .put("moving_share_of_layer_time", d.moving().shareOfLayerTime());
  }

  private static void put(ObjectNode node, String name, Estimate interval) {
    if (interval == null) {
      node.putNull(name);
    } else {
      node.putObject(name)
          .put("mean", interval.value())
          .put("low", interval.low())
          .put("high", interval.high());
    }
  }
}
