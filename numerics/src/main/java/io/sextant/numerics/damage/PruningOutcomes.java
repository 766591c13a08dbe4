package io.sextant.numerics.damage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.TraceFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads a JSON list of pruning outcomes. */
public final class PruningOutcomes {
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private PruningOutcomes() {}

  /**
   * Reads a file of outcomes.
   *
   * @param layers names of the hidden layers; every plan must give a density for each
   * @param windows number of windows of the stream
   * @throws InvalidInputException naming the file and the entry, if an entry is invalid
   */
  public static List<PruningOutcome> read(TraceFile file, List<String> layers, int windows)
      throws IOException {
    JsonNode root;
    try (InputStream in = file.open()) {
      root = JSON.readTree(in);
    } catch (JsonProcessingException e) {
      throw wrong(file.path(), "not JSON: " + e.getOriginalMessage());
    }
    if (root == null || !root.isArray() || root.isEmpty()) {
      throw wrong(file.path(), "not a list of outcomes");
    }
    List<PruningOutcome> outcomes = new ArrayList<>();
    for (int i = 0; i < root.size(); i++) {
      outcomes.add(outcome(root.get(i), file.path() + ": entry " + i, layers, windows));
    }
    return outcomes;
  }

  private static PruningOutcome outcome(
      JsonNode node, String where, List<String> layers, int windows) {
    Map<String, Double> densities = new TreeMap<>();
    for (String layer : layers) {
      double density = node.path("densities").path(layer).asDouble(Double.NaN);
      if (!(density > 0 && density <= 1)) {
        throw wrong(where, "the density of %s is not above 0 and at most 1".formatted(layer));
      }
      densities.put(layer, density);
    }
    int from = node.path("pruned_from_window").asInt(-1);
    if (from < 2 || from + PruningOutcome.TRANSIENT >= windows) {
      throw wrong(
          where, "pruned_from_window is not from 2 to " + (windows - PruningOutcome.TRANSIENT - 1));
    }
    JsonNode losses = node.path("logloss_by_window");
    if (losses.size() != windows) {
      throw wrong(
          where,
          "logloss_by_window has %d windows, the importance has %d"
              .formatted(losses.size(), windows));
    }
    double[] byWindow = new double[windows];
    for (int window = 0; window < windows; window++) {
      byWindow[window] = losses.get(window).asDouble(Double.NaN);
      if (!Double.isFinite(byWindow[window])) {
        throw wrong(where, "logloss_by_window holds " + losses.get(window));
      }
    }
    if (!node.path("plan").canConvertToInt()) {
      throw wrong(where, "plan is not a number");
    }
    return new PruningOutcome(
        node.get("plan").asInt(), densities, policy(node, where), from, byWindow);
  }

  private static PruningPolicy policy(JsonNode node, String where) {
    String text = node.path("policy").asText();
    return Arrays.stream(PruningPolicy.values())
        .filter(policy -> policy.id().equals(text))
        .findFirst()
        .orElseThrow(
            () -> wrong(where, "policy '%s' is not static, adaptive or alternate".formatted(text)));
  }

  private static InvalidInputException wrong(String where, String problem) {
    return InvalidInputException.of(where, problem, "Correct it, or remove the entry");
  }
}
