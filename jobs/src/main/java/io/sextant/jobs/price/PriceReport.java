package io.sextant.jobs.price;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.day.DayRange;
import io.sextant.jobs.score.PlanIds;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.placement.evaluate.MicroBatchMeasure;
import io.sextant.schema.placement.PlacementMaps;
import io.sextant.schema.placement.PlannedFor;
import io.sextant.schema.stats.Estimate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The result of {@code price}.
 *
 * @param curves one per cluster and profile
 * @param planned the days that the plans were made from
 * @param scored the days that were scored
 * @param minimumGain share of the layer time that a further slot per GPU has to save
 * @param runId id of the run
 */
record PriceReport(
    List<PriceCurve> curves, DayRange planned, DayRange scored, double minimumGain, String runId) {

  /** The result as text. */
  String text() {
    StringBuilder text = new StringBuilder();
    curves.forEach(curve -> text.append(new PriceText(this, curve).text()));
    return text.toString();
  }

  /**
   * Writes every plan.
   *
   * @param folder gets a folder for each plan
   */
  void writePlans(Path folder) throws IOException {
    for (PriceCurve curve : curves) {
      for (PricePoint point : curve.points()) {
        PlanTarget target = point.target();
        Path plan =
            folder.resolve(
                "%s-%s-%d"
                    .formatted(target.cluster().name(), target.profile().name(), point.slots()));
        Files.createDirectories(plan);
        PlacementMaps.write(
            plan.resolve(PlacementMaps.FILE),
            target.map(point.plan().slots()),
            PlannedFor.of(target.profile()),
            new PlanIds(target, planned).origin(point.plan()));
      }
    }
  }

  /** The result as JSON; only {@code cpu_seconds} differ from run to run. */
  ObjectNode json() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("planned_from_day", planned.first()).put("planned_to_day", planned.last());
    root.put("scored_from_day", scored.first()).put("scored_to_day", scored.last());
    root.put("minimum_gain_per_slot", minimumGain);
    ArrayNode list = root.putArray("curves");
    curves.forEach(curve -> put(list.addObject(), curve));
    return root;
  }

  private static void put(ObjectNode node, PriceCurve curve) {
    node.put("model", curve.target().model().name())
        .put("cluster", curve.target().cluster().name())
        .put("serving", curve.target().profile().name())
        .put("pool", curve.target().pool().label());
    curve
        .atKnee()
        .ifPresentOrElse(
            point -> node.put("knee_slots", point.slots()), () -> node.putNull("knee_slots"));
    curve.unknownMemory().ifPresent(why -> node.put("memory_not_available", why));
    curve.throughput().ifPresent(of -> of.put(node.putObject("throughput")));
    ArrayNode points = node.putArray("points");
    for (PricePoint point : curve.points()) {
      put(points.addObject(), point, curve.fewest());
    }
  }

  private static void put(ObjectNode node, PricePoint point, PricePoint fewest) {
    node.put("slots", point.slots()).put("slots_per_gpu", point.slotsPerGpu());
    put(
        node,
        "predicted_layer_micros",
        point.metrics().layerMicros(),
        point.interval(MicroBatchMeasure.LAYER_MICROS));
    put(node, "gain", point.gain().map(Estimate::value).orElse(Double.NaN), point.gain());
    put(
        node,
        "remote_nodes_per_token",
        point.metrics().remoteNodesPerToken(),
        point.interval(MicroBatchMeasure.REMOTE_NODES_PER_TOKEN));
    put(
        node,
        "max_over_mean_gpu_load",
        point.metrics().maxOverMeanGpuLoad(),
        point.interval(MicroBatchMeasure.MAX_OVER_MEAN_GPU_LOAD));
    put(node, "kv_tokens", point.cacheTokens());
    put(node, "kv_tokens_lost", point.cacheTokensLost(fewest));
    node.put("cpu_seconds", point.cpuSeconds());
  }

  private static void put(ObjectNode node, String name, double value, Optional<Estimate> interval) {
    if (Double.isNaN(value)) {
      node.putNull(name);
    } else {
      node.put(name, value);
    }
    interval.ifPresentOrElse(
        of -> node.putArray(name + "_95").add(of.low()).add(of.high()),
        () -> node.putNull(name + "_95"));
  }

  private static void put(ObjectNode node, String name, OptionalLong value) {
    if (value.isPresent()) {
      node.put(name, value.getAsLong());
    } else {
      node.putNull(name);
    }
  }
}
