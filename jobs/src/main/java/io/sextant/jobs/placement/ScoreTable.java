package io.sextant.jobs.placement;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.placement.PlacementMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Shows the scores of plans: to people, to programs, and as rows of the warehouse. */
public final class ScoreTable {
  private static final int ALL_LAYERS = -1;

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final PlanScores scores;
  private final Map<String, Long> movedBytes;

  public ScoreTable(PlanScores scores) {
    this(scores, Map.of());
  }

  /**
   * @param movedBytes expert weights that each plan moves from the current map; empty without one
   */
  ScoreTable(PlanScores scores, Map<String, Long> movedBytes) {
    this.scores = scores;
    this.movedBytes = movedBytes;
  }

  /** A line a plan, and against the first one how much traffic it saves. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%-12s %18s %8s %14s %14s %18s %14s %10s%n",
            "plan",
            "remote nodes/token",
            "against",
            "GPUs/token",
            "max/mean GPU",
            "max/mean receive",
            "experts/GPU",
            "layer us"));
    double first = scores.metrics(scores.plans().get(0)).remoteNodesPerToken();
    for (String plan : scores.plans()) {
      PlacementMetrics m = scores.metrics(plan);
      text.append(
          String.format(
              "%-12s %18s %8s %14s %14s %18s %14s %10s%n",
              plan,
              figure(m.remoteNodesPerToken(), 4),
              percent(m.remoteNodesPerToken() / first - 1),
              figure(m.gpusPerToken(), 4),
              figure(m.maxOverMeanGpuLoad(), 4),
              figure(m.maxOverMeanNodeReceive(), 4),
              figure(m.activatedExpertsPerGpu(), 2),
              figure(m.layerMicros(), 1)));
    }
    PlacementMetrics any = scores.metrics(scores.plans().get(0));
    text.append(
        String.format(
            "over %,d token-layers in %,d micro-batches%n", any.tokens(), any.microBatches()));
    return text.toString();
  }

  private static String figure(double value, int digits) {
    return Double.isNaN(value) ? "n/a" : String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  private static String percent(double change) {
    return Double.isNaN(change) ? "n/a" : String.format(Locale.ROOT, "%+.1f %%", change * 100);
  }

  /** Every figure of every plan, over all layers and layer by layer. */
  public String json(List<Integer> layerIds) {
    ArrayNode plans = JSON.createArrayNode();
    for (String plan : scores.plans()) {
      ObjectNode node = plans.addObject().put("plan", plan);
      put(node, scores.metrics(plan));
      if (movedBytes.containsKey(plan)) {
        node.put("moved_bytes", movedBytes.get(plan));
      }
      ArrayNode layers = node.putArray("layers");
      for (int l = 0; l < scores.layers(); l++) {
        put(layers.addObject().put("layer", layerIds.get(l)), scores.metrics(plan, l));
      }
    }
    return plans.toPrettyString() + System.lineSeparator();
  }

  private static void put(ObjectNode node, PlacementMetrics m) {
    put(node, "remote_nodes_per_token", m.remoteNodesPerToken());
    put(node, "remote_nodes_per_prefill_token", m.remoteNodesPerPrefillToken());
    put(node, "remote_nodes_per_decode_token", m.remoteNodesPerDecodeToken());
    put(node, "gpus_per_token", m.gpusPerToken());
    put(node, "max_over_mean_gpu_load", m.maxOverMeanGpuLoad());
    put(node, "max_over_mean_node_receive", m.maxOverMeanNodeReceive());
    put(node, "activated_experts_per_gpu", m.activatedExpertsPerGpu());
    put(node, "predicted_layer_micros", m.layerMicros());
    node.put("tokens", m.tokens()).put("micro_batches", m.microBatches());
  }

  private static void put(ObjectNode node, String name, double value) {
    if (Double.isNaN(value)) {
      node.putNull(name);
    } else {
      node.put(name, value);
    }
  }

  /** Rows of {@code placement_metrics}. */
  List<Row> rows(List<Integer> layerIds, String runId, String model, String day) {
    List<Row> rows = new ArrayList<>();
    for (String plan : scores.plans()) {
      rows.add(row(plan, ALL_LAYERS, scores.metrics(plan), runId, model, day));
      for (int l = 0; l < scores.layers(); l++) {
        rows.add(row(plan, layerIds.get(l), scores.metrics(plan, l), runId, model, day));
      }
    }
    return rows;
  }

  private static Row row(
      String plan, int layer, PlacementMetrics m, String runId, String model, String day) {
    return RowFactory.create(
        plan,
        layer,
        m.remoteNodesPerToken(),
        m.gpusPerToken(),
        orNull(m.maxOverMeanGpuLoad()),
        orNull(m.maxOverMeanNodeReceive()),
        orNull(m.activatedExpertsPerGpu()),
        m.tokens(),
        m.microBatches(),
        runId,
        model,
        day);
  }

  private static Double orNull(double value) {
    return Double.isNaN(value) ? null : value;
  }
}
