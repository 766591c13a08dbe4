package io.sextant.jobs.plan;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.layers.PlannedMaps;
import io.sextant.jobs.score.PlanScores;
import io.sextant.placement.evaluate.PlacementMetrics;
import io.sextant.schema.spec.ServingProfile;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The result of {@code compare --serving all}.
 *
 * @param rows the scores of every plan under each profile
 * @param obstacles the reason for each planner that could not plan
 * @param planned the sample that the plans were made from
 */
public record ServingScores(
    List<PlanScores> rows, Map<String, String> obstacles, PlannedMaps planned) {
  private static final String BEST = "*";
  private static final int LEAST_WIDTH = 10;
  private static final int LONGEST_HEADING = 20;

  /**
   * The predicted layer time of each plan under each profile. Sextant's plan for the n-th profile
   * has the number n as its column.
   */
  public String text() {
    StringBuilder text = new StringBuilder();
    StringBuilder head = new StringBuilder("%-24s".formatted("serving profile"));
    rows.get(0).plans().forEach(plan -> head.append(cell(plan, heading(plan))));
    text.append(head.toString().stripTrailing()).append(System.lineSeparator());
    for (int r = 0; r < rows.size(); r++) {
      text.append(line(r + 1, rows.get(r))).append(System.lineSeparator());
    }
    text.append(
        "predicted layer time in microseconds; %s the best plan of the row; columns with a number:"
                .formatted(BEST)
            + " Sextant's plan for the profile of that row%n".formatted());
    rows.forEach(row -> text.append(betterThanOwn(row)));
    text.append(
        String.format(
            "planned from %,d of %,d tokens a layer%n",
            planned.sampledTokens(), planned.windowTokens()));
    text.append(planned.days().line());
    obstacles.forEach(
        (planner, why) -> text.append("%s not available: %s%n".formatted(planner, why)));
    return text.toString();
  }

  private String line(int number, PlanScores row) {
    StringBuilder line = new StringBuilder("%2d %-21s".formatted(number, row.profile().name()));
    String best = best(row);
    for (String plan : row.plans()) {
      double micros = micros(row, plan);
      String figure = Double.isNaN(micros) ? "n/a" : String.format(Locale.ROOT, "%.2f", micros);
      line.append(cell(plan, figure + (plan.equals(best) ? BEST : " ")));
    }
    return line.toString().stripTrailing();
  }

  /** Text in the column of a plan, which is as wide as its heading and a mark. */
  private String cell(String plan, String text) {
    String marked = text.endsWith(BEST) || text.endsWith(" ") ? text : text + " ";
    return ("%" + Math.max(LEAST_WIDTH, heading(plan).length() + 2) + "s").formatted(marked);
  }

  private String heading(String plan) {
    for (int r = 0; r < rows.size(); r++) {
      if (plan.equals(ServingMatrix.planFor(rows.get(r).profile()))) {
        return "for " + (r + 1);
      }
    }
    // A map that was given is named by its path, whose end tells maps apart.
    return plan.substring(Math.max(0, plan.length() - LONGEST_HEADING));
  }

  /** A line that says so if another plan is better than the one made for the profile. */
  private static String betterThanOwn(PlanScores row) {
    String own = ServingMatrix.planFor(row.profile());
    String best = best(row);
    return best.equals(own)
        ? ""
        : String.format(
            Locale.ROOT,
            "%s: its own plan (%.2f us) is not the best; %s has %.2f us (%.2f %% less)%n",
            row.profile().name(),
            micros(row, own),
            best,
            micros(row, best),
            100 * (1 - micros(row, best) / micros(row, own)));
  }

  /** The plan with the least layer time; the profile's own if it is one of several. */
  private static String best(PlanScores row) {
    String own = ServingMatrix.planFor(row.profile());
    return row.plans().stream()
        .min(
            Comparator.comparingDouble((String plan) -> micros(row, plan))
                .thenComparing(plan -> !plan.equals(own)))
        .orElseThrow();
  }

  private static double micros(PlanScores row, String plan) {
    return row.metrics(plan).layerMicros();
  }

  /** The result as JSON. */
  public ObjectNode json() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ArrayNode profiles = root.putArray("profiles");
    for (PlanScores row : rows) {
      ServingProfile profile = row.profile();
      ArrayNode plans =
          profiles
              .addObject()
              .put("serving", profile.name())
              .put("copy_rule", profile.copyRule().id())
              .put("own_plan", ServingMatrix.planFor(profile))
              .put("best_plan", best(row))
              .putArray("plans");
      for (String plan : row.plans()) {
        PlacementMetrics m = row.metrics(plan);
        ObjectNode node = plans.addObject().put("plan", plan);
        put(node, "predicted_layer_micros", m.layerMicros());
        put(node, "remote_nodes_per_token", m.remoteNodesPerToken());
        put(node, "remote_sends_per_token", m.remoteSendsPerToken());
        put(node, "gpus_per_token", m.gpusPerToken());
        put(node, "max_over_mean_gpu_load", m.maxOverMeanGpuLoad());
        put(node, "max_over_mean_node_receive", m.maxOverMeanNodeReceive());
      }
    }
    ObjectNode notAvailable = root.putObject("not_available");
    obstacles.forEach(notAvailable::put);
    root.put("planned_from_tokens", planned.sampledTokens())
        .put("window_tokens", planned.windowTokens());
    planned.days().put(root.putObject("days"));
    return root;
  }

  private static void put(ObjectNode node, String name, double value) {
    if (Double.isNaN(value)) {
      node.putNull(name);
    } else {
      node.put(name, value);
    }
  }
}
