package io.sextant.jobs.report.figures;

import io.sextant.jobs.report.data.PlanData.Links;
import io.sextant.jobs.report.data.PlanData.Plan;
import io.sextant.jobs.report.data.PlanData.Score;
import io.sextant.jobs.report.data.PlanData.Traffic;
import io.sextant.jobs.report.data.Section;
import io.sextant.schema.table.PlanTables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.functions;

/** Tokens sent from node to node under each plan. */
public final class LinkFigures {
  /** Tokens sent from one node to another, over all layers. */
  private record Link(String plan, int sourceNode, int node, long tokens) {}

  private final WarehouseTables tables;

  public LinkFigures(WarehouseTables tables) {
    this.tables = tables;
  }

  /**
   * The tokens of the run that scored the plans, summed over all layers, in the order of the plans.
   */
  public Section<List<Links>> links(Traffic traffic) {
    if (traffic.score(traffic.after()).map(Score::remoteNodesPerToken).isEmpty()) {
      return Section.missing(
          "engines only counted tokens of each expert; traffic cannot be computed from counts");
    }
    return tables
        .collect(
            PlanTables.NODE_TRAFFIC,
            "solve",
            Link.class,
            rows ->
                rows.where("run_id = '%s'".formatted(traffic.runId()))
                    .groupBy("plan", "source_node", "node")
                    .agg(functions.sum("tokens").as("tokens")))
        .map(rows -> links(rows, traffic));
  }

  private static List<Links> links(List<Link> rows, Traffic traffic) {
    int nodes = 1 + rows.stream().mapToInt(Link::sourceNode).max().orElseThrow();
    Map<String, long[][]> byPlan = new LinkedHashMap<>();
    for (Link row : rows) {
      byPlan
              .computeIfAbsent(row.plan(), plan -> new long[nodes][nodes])[row.sourceNode()][
              row.node()] =
          row.tokens();
    }
    List<Links> links = new ArrayList<>();
    traffic.plans().stream()
        .map(Plan::name)
        .filter(byPlan::containsKey)
        .forEach(plan -> links.add(new Links(plan, byPlan.get(plan))));
    return links;
  }
}
