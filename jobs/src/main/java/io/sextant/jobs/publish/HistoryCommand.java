package io.sextant.jobs.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.cli.JsonOption;
import io.sextant.jobs.cli.WarehouseOptions;
import io.sextant.jobs.window.Evidence;
import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sextant history}. */
@Command(
    name = "history",
    description = "Lists the published versions, and the decisions of nights that published none.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example: sextant history --warehouse warehouse --model sextant-128x8"})
public final class HistoryCommand implements Callable<Integer> {
  /** Name of the decision in a version's folder. */
  public static final String DECISION_FILE = "decision.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  @Mixin private WarehouseOptions warehouse;

  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    Evidence.requireWarehouse(warehouse.folder());
    PublishedVersions versions = PublishedVersions.of(warehouse.folder(), warehouse.model().name());
    Map<String, ObjectNode> runs = new TreeMap<>(Comparator.naturalOrder());
    for (byte[] night : versions.nights().all()) {
      JsonNode decision = JSON.readTree(night);
      ObjectNode run = JsonNodeFactory.instance.objectNode();
      run.putNull("version").put("in_force", false).put("state", "not published");
      run.set("decision", decision);
      runs.put(decision.path("run_id").asText(), run);
    }
    String inForce = versions.inForce().orElse(null);
    for (String version : versions.kept()) {
      runs.put(version, version(versions, version, version.equals(inForce)));
    }
    json.print(text(runs), () -> json(List.copyOf(runs.values())));
    return 0;
  }

  private static ObjectNode version(PublishedVersions versions, String version, boolean inForce)
      throws IOException {
    ObjectNode run = JsonNodeFactory.instance.objectNode();
    run.put("version", version).put("in_force", inForce);
    try {
      versions.requireWhole(version);
      Manifest manifest = versions.manifest(version);
      run.put("state", "whole")
          .put("parent", manifest.parent())
          .put("plan_id", manifest.planId())
          .put("published_at", manifest.publishedAt());
      Optional<byte[]> decision = versions.read(version, DECISION_FILE);
      if (decision.isPresent()) {
        run.set("decision", JSON.readTree(decision.get()));
      }
    } catch (InvalidInputException e) {
      run.put("state", "damaged").put("problem", e.getMessage());
    }
    return run.put("folder", versions.folder(version));
  }

  /** The versions and decisions, oldest first. */
  private static ArrayNode json(List<ObjectNode> runs) {
    return JsonNodeFactory.instance.arrayNode().addAll(runs);
  }

  private static String text(Map<String, ObjectNode> runs) {
    if (runs.isEmpty()) {
      return String.format("nothing was published, and no refresh came to a decision%n");
    }
    StringBuilder text =
        new StringBuilder(
            String.format(
                "  %-22s %-25s %-13s %-21s %5s  %-16s %10s  %s%n",
                "version or night",
                "plan id",
                "state",
                "decision",
                "slots",
                "cluster",
                "moved",
                "reason (* in force)"));
    runs.forEach(
        (id, run) -> {
          JsonNode decision = run.path("decision");
          text.append(
              String.format(
                  Locale.ROOT,
                  "%s %-22s %-25s %-13s %-21s %5s  %-16s %10s  %s%n",
                  run.path("in_force").booleanValue() ? "*" : " ",
                  id,
                  run.path("plan_id").asText("-"),
                  run.path("state").textValue(),
                  decision.path("verdict").asText("not available"),
                  decision.path("slots").asText("-"),
                  decision.path("cluster").asText("-"),
                  run.path("version").isNull() ? "-" : moved(decision.path("moved_bytes")),
                  run.path("problem").asText(decision.path("reason").asText(""))));
        });
    return text.toString();
  }

  private static String moved(JsonNode bytes) {
    return bytes.isNumber() ? String.format(Locale.ROOT, "%.1f MB", bytes.longValue() / 1e6) : "-";
  }
}
