package io.sextant.jobs.outage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.day.DayRange;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.placement.evaluate.PlacementMetrics;
import io.sextant.schema.stats.Estimate;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What is left of a plan after losses, and its figures.
 *
 * @param whole figures of the plan on all GPUs
 * @param wholeMicros its layer time with its interval; empty if it is not known
 * @param outages what is lost, in the order of GPUs, nodes or sizes
 * @param planned whether the GPUs leave on purpose, so that experts are copied from them before
 */
record OutageReport(
    PlanTarget target,
    DayRange scored,
    PlacementMetrics whole,
    Optional<Estimate> wholeMicros,
    List<ScoredOutage> outages,
    boolean planned) {
  private static final double MEGABYTE = 1e6;

  String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        format(
            "%s, %d slots on %s under the serving profile %s, scored on %s to %s%n",
            target.model().name(),
            target.layout().slots(),
            target.cluster().name(),
            target.profile().name(),
            scored.first(),
            scored.last()));
    text.append(
        line(
            planned ? "left" : "lost",
            "experts lost",
            planned ? "copied MB" : "reloaded MB",
            "layer us",
            "against",
            "remote nodes",
            "max/mean GPU"));
    text.append(
        line(
            planned ? target.layout().gpus() + " GPUs" : "nothing",
            0,
            "0.0",
            figure(whole.layerMicros(), 2) + interval(wholeMicros),
            "",
            figure(whole.remoteNodesPerToken(), 4),
            figure(whole.maxOverMeanGpuLoad(), 4)));
    outages.forEach(outage -> text.append(line(outage)));
    return text.append(verdict()).toString();
  }

  private String line(ScoredOutage scored) {
    Outage outage = scored.outage();
    return line(
        outage.name(),
        outage.lostExperts(),
        format("%.1f", writtenBytes(outage) / MEGABYTE),
        outage.missingExperts() == 0
            ? figure(scored.micros(), 2) + interval(scored.layerMicros())
            : "no room for %d experts".formatted(outage.missingExperts()),
        outage.missingExperts() == 0
            ? format("%+.1f %%", 100 * (scored.micros() / whole.layerMicros() - 1))
            : "",
        figure(scored.remoteNodes(), 4),
        figure(scored.maxOverMeanGpuLoad(), 4));
  }

  private static String line(Object... cells) {
    return format("%-10s %12s %12s %24s %9s %13s %13s", cells).stripTrailing() + format("%n");
  }

  private String verdict() {
    int most = outages.stream().mapToInt(of -> of.outage().lostExperts()).max().orElse(0);
    int missing = outages.stream().mapToInt(of -> of.outage().missingExperts()).max().orElse(0);
    if (missing > 0) {
      return format(
          "In the worst case %d experts of all layers have no slot on the GPUs that are left. Plan"
              + " with more slots, or give the GPUs that are left more of them%n",
          missing);
    }
    if (planned) {
      return format("No expert is missing at any size.%n");
    }
    Optional<ScoredOutage> slowest =
        outages.stream().max(Comparator.comparingDouble(ScoredOutage::micros));
    return most == 0
        ? format(
            "No expert is missing in any case. In the worst case (%s) the layer takes %.2f us.%n",
            slowest.orElseThrow().outage().name(), slowest.orElseThrow().micros())
        : format(
            "In the worst case %d experts of all layers are lost and have to be loaded from the"
                + " host's memory or from storage before serving goes on. With solve --survive none"
                + " is lost.%n",
            most);
  }

  private long writtenBytes(Outage outage) {
    return outage.layers().stream().mapToLong(layer -> layer.writes().size()).sum()
        * target.expertBytes();
  }

  ObjectNode json() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("model", target.model().name())
        .put("cluster", target.cluster().name())
        .put("serving", target.profile().name())
        .put("slots", target.layout().slots())
        .put("scored_from_day", scored.first())
        .put("scored_to_day", scored.last())
        .put("predicted_layer_micros", whole.layerMicros())
        .put("remote_nodes_per_token", whole.remoteNodesPerToken())
        .put("max_over_mean_gpu_load", whole.maxOverMeanGpuLoad());
    ArrayNode list = root.putArray("outages");
    for (ScoredOutage of : outages) {
      ObjectNode node = list.addObject();
      node.put(planned ? "left" : "lost", of.outage().name())
          .put("lost_experts", of.outage().lostExperts())
          .put("missing_experts", of.outage().missingExperts())
          .put("written_bytes", writtenBytes(of.outage()));
      put(node, "predicted_layer_micros", of.micros());
      put(node, "remote_nodes_per_token", of.remoteNodes());
      put(node, "max_over_mean_gpu_load", of.maxOverMeanGpuLoad());
    }
    return root;
  }

  private static void put(ObjectNode node, String name, double value) {
    if (Double.isNaN(value)) {
      node.putNull(name);
    } else {
      node.put(name, value);
    }
  }

  private static String interval(Optional<Estimate> interval) {
    return interval.map(of -> format(" [%.2f, %.2f]", of.low(), of.high())).orElse("");
  }

  private static String figure(double value, int digits) {
    return Double.isNaN(value) ? "n/a" : format("%." + digits + "f", value);
  }

  private static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
