package io.sextant.jobs.capacity;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.serving.GpuGroup;
import io.sextant.placement.capacity.Deployment;
import io.sextant.placement.capacity.GpuLoad;
import io.sextant.placement.capacity.WeightCounts;
import io.sextant.schema.spec.ModelMemory.Part;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The result of {@code capacity}.
 *
 * @param deployment the model and how it is served
 * @param gpus the GPUs
 * @param counts the model's weights by part
 * @param loads the loads of all numbers of slots that fit, and the first that does not
 * @param smallest the smallest cluster that fits, if none of the loads does and there is one
 */
record CapacityReport(
    Deployment deployment,
    GpuGroup gpus,
    WeightCounts counts,
    List<GpuLoad> loads,
    Optional<GpuLoad> smallest) {
  private static final double GIGABYTE = 1e9;

  /** Rows of the table; more numbers of slots are only in the JSON. */
  private static final int MOST_ROWS = 12;

  /** Whether every expert once fits beside the promised sequences. */
  boolean fits() {
    return loads.get(0).fits();
  }

  String text() {
    return head() + parts() + slots() + verdict();
  }

  private String head() {
    GpuLoad load = loads.get(0);
    return format(
        "%s in %s on %s: %d %s, %.1f GB of each for weights and KV cache; tensor parallel %d%n"
            + "KV cache for %d x %,d tokens; %,d bytes per token and GPU of long sequences%n%n",
        deployment.model().name(),
        deployment.packaging().name(),
        gpus.name(),
        gpus.gpus(),
        gpus.gpus() == 1 ? "GPU" : "GPUs",
        load.usableBytes() / GIGABYTE,
        deployment.group(),
        load.promise().sequences(),
        load.promise().context(),
        load.tokenBytes());
  }

  private String parts() {
    StringBuilder text = new StringBuilder();
    text.append(format("%-12s %14s %12s %12s%n", "weights", "parameters", "GB", "GB per GPU"));
    GpuLoad load = loads.get(0);
    for (Map.Entry<Part, Long> held : load.weightBytes().entrySet()) {
      long parameters = counts.byPart().get(held.getKey());
      if (parameters > 0) {
        text.append(
            format(
                "%-12s %,14d %12.2f %12.2f%n",
                held.getKey().id(),
                parameters,
                counts.bytes(held.getKey(), deployment.packaging()) / GIGABYTE,
                held.getValue() / GIGABYTE));
      }
    }
    return text.append(
            format(
                "%-12s %,14d %12s %12.2f%n%n",
                "total", counts.total(), "", load.weights() / GIGABYTE))
        .toString();
  }

  private String slots() {
    StringBuilder text = new StringBuilder();
    text.append(
        format(
            "%6s %8s %12s %12s %16s %10s%n",
            "slots", "per GPU", "weights, GB", "free, GB", "KV tokens", "sequences"));
    int step = (loads.size() + MOST_ROWS - 1) / MOST_ROWS;
    for (int i = 0; i < loads.size(); i++) {
      if (i % step == 0 || i >= loads.size() - 2) {
        text.append(row(loads.get(i)));
      }
    }
    return text.append(format("%n")).toString();
  }

  private static String row(GpuLoad load) {
    return format(
        "%6d %8d %12.1f %12.1f %,16d %,10d%s%n",
        load.slots(),
        load.slots() / load.gpus(),
        load.weights() / GIGABYTE,
        load.free() / GIGABYTE,
        load.cacheTokens(),
        load.sequences(),
        load.fits() ? "" : "  does not fit");
  }

  private String verdict() {
    if (fits()) {
      GpuLoad most = loads.stream().filter(GpuLoad::fits).reduce((a, b) -> b).orElseThrow();
      return most.slots() == 0
          ? format("It fits.%n")
          : format(
              "It fits: at most %d slots, %d per GPU.%n", most.slots(), most.slots() / most.gpus());
    }
    return smallest
        .map(
            load ->
                format(
                    "It does not fit. The smallest cluster of this kind that fits: %d GPUs, %d slots,"
                        + " %.1f GB of weights per GPU.%n",
                    load.gpus(), load.slots(), load.weights() / GIGABYTE))
        .orElse(format("It does not fit on any number of these GPUs.%n"));
  }

  ObjectNode json() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("model", deployment.model().name());
    root.put("packaging", deployment.packaging().name());
    root.put("gpus", gpus.gpus());
    root.put("gpu", gpus.kind());
    root.put("tensor_parallel", deployment.group());
    root.put("usable_bytes", deployment.usableBytes());
    root.put("context", loads.get(0).promise().context());
    root.put("sequences", loads.get(0).promise().sequences());
    root.put("fits", fits());
    ObjectNode parts = root.putObject("parameters");
    counts.byPart().forEach((part, weights) -> parts.put(part.id(), weights));
    root.put("total_parameters", counts.total());
    root.put("active_parameters", counts.active());
    ArrayNode rows = root.putArray("slots");
    loads.forEach(load -> put(rows.addObject(), load));
    smallest.ifPresent(load -> put(root.putObject("smallest_cluster"), load));
    return root;
  }

  private static void put(ObjectNode row, GpuLoad load) {
    row.put("gpus", load.gpus());
    row.put("slots", load.slots());
    row.put("weight_bytes", load.weights());
    row.put("free_bytes", load.free());
    row.put("kv_tokens", load.cacheTokens());
    row.put("kv_sequences", load.sequences());
    row.put("fits", load.fits());
  }

  private static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
