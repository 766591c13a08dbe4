package io.sextant.jobs.score;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.placement.evaluate.MicroBatchMeasure;
import io.sextant.placement.evaluate.PlacementMetrics;
import io.sextant.placement.evaluate.StreamMetrics;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Formats the scores of plans as text and JSON. */
public final class ScoreTable {
  private static final String REMOTE_NODES = "remote_nodes_per_token";
  private static final String REMOTE_SENDS = "remote_sends_per_token";
  private static final String GPUS = "gpus_per_token";
  private static final String GPU_LOAD = "max_over_mean_gpu_load";
  private static final String NODE_RECEIVE = "max_over_mean_node_receive";
  private static final String LAYER_MICROS = "predicted_layer_micros";

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final PlanScores scores;
  private final MovedBytes movedBytes;
  private final Map<String, ObjectNode> heads = new HashMap<>();

  public ScoreTable(PlanScores scores) {
    this(scores, MovedBytes.NONE);
  }

  /**
   * @param movedBytes bytes that each plan moves from the current map
   */
  public ScoreTable(PlanScores scores, MovedBytes movedBytes) {
    this.scores = scores;
    this.movedBytes = movedBytes;
  }

  /** The same table, whose JSON names the id, cluster and slots of each plan. */
  public ScoreTable identifiedBy(PlanIds ids, List<Plan> plans) {
    for (Plan plan : plans) {
      ObjectNode head =
          JSON.createObjectNode()
              .put("plan_id", ids.of(plan).value())
              .put("cluster", ids.target().cluster().name())
              .put("slots", ids.target().layout().slots());
      if (ids.traffic() != null) {
        head.put("traffic", ids.traffic());
      }
      heads.put(plan.name(), head);
    }
    return this;
  }

  /**
   * Two lines per plan: figures with the change of traffic relative to the first plan, and 95 %
   * intervals.
   */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        line(
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
          line(
              plan,
              figure(m.remoteNodesPerToken(), 4),
              percent(m.remoteNodesPerToken() / first - 1),
              figure(m.gpusPerToken(), 4),
              figure(m.maxOverMeanGpuLoad(), 4),
              figure(m.maxOverMeanNodeReceive(), 4),
              figure(m.activatedExpertsPerGpu(), 2),
              figure(m.layerMicros(), 2)));
      if (scores.interval(plan, MicroBatchMeasure.LAYER_MICROS).isPresent()) {
        text.append(
            line(
                "",
                interval(plan, MicroBatchMeasure.REMOTE_NODES_PER_TOKEN, 4),
                "",
                interval(plan, MicroBatchMeasure.GPUS_PER_TOKEN, 4),
                interval(plan, MicroBatchMeasure.MAX_OVER_MEAN_GPU_LOAD, 4),
                interval(plan, MicroBatchMeasure.MAX_OVER_MEAN_NODE_RECEIVE, 4),
                "",
                interval(plan, MicroBatchMeasure.LAYER_MICROS, 2)));
      }
    }
    PlacementMetrics any = scores.metrics(scores.plans().get(0));
    text.append(
        String.format(
            "over %,d token-layers in %,d micro-batches, %,d left out; [95 %% intervals] over"
                + " micro-batches%n",
            any.tokens(), any.microBatches(), any.main().tokensLeftOut()));
    text.append("against: %s%n".formatted(baseline(scores.plans().get(0))));
    text.append(new PhaseTable(scores).text());
    for (String plan : scores.plans()) {
      double price = scores.metrics(plan).trafficCostPerToken();
      if (!Double.isNaN(price)) {
        text.append(String.format("%-17s traffic cost/token %s%n", plan, figure(price, 4)));
      }
    }
    return text.toString();
  }

  /** What the first plan is, with which the others are compared. */
  private static String baseline(String plan) {
    return plan.equals(Plan.LINEAR)
        ? "linear, which fills as many slots as the other plans with the experts in their order"
        : plan;
  }

  private static String line(Object... cells) {
    return String.format("%-17s %18s %8s %16s %16s %16s %11s %14s", cells).stripTrailing()
        + System.lineSeparator();
  }

  private String interval(String plan, MicroBatchMeasure measure, int digits) {
    return scores
        .interval(plan, measure)
        .map(i -> "[%s, %s]".formatted(figure(i.low(), digits), figure(i.high(), digits)))
        .orElse("");
  }

  static String figure(double value, int digits) {
    return Double.isNaN(value) ? "n/a" : String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  private static String percent(double change) {
    return Double.isNaN(change) ? "n/a" : String.format(Locale.ROOT, "%+.1f %%", change * 100);
  }

  /** Every figure of every plan, over all layers and layer by layer. */
  public String json(List<Integer> layerIds) {
    return plans(layerIds).toPrettyString() + System.lineSeparator();
  }

  /** Like {@link #json}, as part of a larger document. */
  public ArrayNode plans(List<Integer> layerIds) {
    ArrayNode plans = JSON.createArrayNode();
    for (String plan : scores.plans()) {
      ObjectNode node = plans.addObject().put("plan", plan);
      if (heads.containsKey(plan)) {
        node.setAll(heads.get(plan));
      }
      node.put("serving", scores.profile().name())
          .put("copy_rule", scores.profile().copyRule().id());
      put(node, scores.metrics(plan));
      if (movedBytes.total(plan) != null) {
        node.put("moved_bytes", movedBytes.total(plan));
      }
      putIntervals(node.putObject("intervals_95"), plan);
      ArrayNode layers = node.putArray("layers");
      for (int l = 0; l < scores.layers(); l++) {
        put(layers.addObject().put("layer", layerIds.get(l)), scores.metrics(plan, l));
      }
    }
    return plans;
  }

  /** The interval of the mean over complete micro-batches; null if there are too few of them. */
  private void putIntervals(ObjectNode node, String plan) {
    for (MicroBatchMeasure measure : MicroBatchMeasure.values()) {
      String name =
          switch (measure) {
            case REMOTE_NODES_PER_TOKEN -> REMOTE_NODES;
            case GPUS_PER_TOKEN -> GPUS;
            case MAX_OVER_MEAN_GPU_LOAD -> GPU_LOAD;
            case MAX_OVER_MEAN_NODE_RECEIVE -> NODE_RECEIVE;
            case LAYER_MICROS -> LAYER_MICROS;
          };
      scores
          .interval(plan, measure)
          .ifPresentOrElse(
              i -> node.putArray(name).add(i.low()).add(i.high()), () -> node.putNull(name));
    }
  }

  private static void put(ObjectNode node, PlacementMetrics m) {
    put(node, REMOTE_NODES, m.remoteNodesPerToken());
    put(node, REMOTE_SENDS, m.remoteSendsPerToken());
    put(node, "remote_nodes_per_prefill_token", m.remoteNodesPerPrefillToken());
    put(node, "remote_nodes_per_decode_token", m.remoteNodesPerDecodeToken());
    if (!Double.isNaN(m.trafficCostPerToken())) {
      put(node, "traffic_cost_per_token", m.trafficCostPerToken());
    }
    put(node, GPUS, m.gpusPerToken());
    put(node, GPU_LOAD, m.maxOverMeanGpuLoad());
    put(node, NODE_RECEIVE, m.maxOverMeanNodeReceive());
    put(node, "activated_experts_per_gpu", m.activatedExpertsPerGpu());
    put(node, LAYER_MICROS, m.layerMicros());
    put(node, "max_over_mean_nic_receive", m.main().maxOverMeanNicReceive());
    putLeastLoad(node, m.main());
    node.put("tokens", m.tokens()).put("micro_batches", m.microBatches());
    node.put("tokens_left_out", m.main().tokensLeftOut());
    putPhase(node.putObject("prefill"), m.prefill());
    putPhase(node.putObject("decode"), m.decode());
  }

  private static void putPhase(ObjectNode node, StreamMetrics m) {
    put(node, REMOTE_NODES, m.remoteNodesPerToken());
    put(node, REMOTE_SENDS, m.remoteSendsPerToken());
    put(node, GPUS, m.gpusPerToken());
    put(node, GPU_LOAD, m.maxOverMeanGpuLoad());
    putLeastLoad(node, m);
    put(node, NODE_RECEIVE, m.maxOverMeanNodeReceive());
    put(node, "max_over_mean_nic_receive", m.maxOverMeanNicReceive());
    put(node, "activated_experts_per_gpu", m.activatedExpertsPerGpu());
    put(node, LAYER_MICROS, m.layerMicros());
    node.put("tokens", m.tokens()).put("batches", m.batches());
    node.put("tokens_left_out", m.tokensLeftOut());
  }

  private static void putLeastLoad(ObjectNode node, StreamMetrics m) {
    if (!Double.isNaN(m.leastMaxOverMeanGpuLoad())) {
      node.put("least_max_over_mean_gpu_load", m.leastMaxOverMeanGpuLoad());
    }
  }

  /**
   * The figures of a plan that is scored on counts only: figures that need a token's experts are
   * null.
   */
  public static void putLoadOnly(ObjectNode node, double maxOverMeanGpuLoad) {
    node.putNull(REMOTE_NODES)
        .putNull(GPUS)
        .put(GPU_LOAD, maxOverMeanGpuLoad)
        .putNull(NODE_RECEIVE);
  }

  private static void put(ObjectNode node, String name, double value) {
    if (Double.isNaN(value)) {
      node.putNull(name);
    } else {
      node.put(name, value);
    }
  }
}
