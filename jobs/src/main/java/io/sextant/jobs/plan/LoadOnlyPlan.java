package io.sextant.jobs.plan;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.ScoreTable;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.placement.baseline.EplbPlacement;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.solve.LoadBalance;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.spec.ModelSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Plans by load only, on a window in which engines only counted the tokens of each expert. The plan
 * balances GPUs and does not consider the traffic between nodes.
 *
 * @param seed seed of all random choices
 */
record LoadOnlyPlan(PlanRun run, long seed) {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final String WHY =
      "the window only counts tokens of each expert; traffic cannot be computed from counts";

  /**
   * @param counts rows of the window to plan on, with the columns that {@link LoadSamples} reads
   * @throws InvalidInputException if the days to score on were not counted
   */
  Solved run(Dataset<Row> counts, PlanFolder folder) throws IOException {
    ModelSpec model = run.target().model();
    SlotLayout layout = run.target().layout();
    run.progress().say("the window has counts only: planning by load, without regard to traffic");
    LoadSamples seen = LoadSamples.of(counts, model);
    LoadSamples later = later(seen);
    Map<String, int[][]> plans = new LinkedHashMap<>();
    plans.put(Plan.LINEAR, run.target().linear().physicalToLogical());
    plans.put(Plan.GREEDY, perLayer(l -> EplbPlacement.global(seen.expertLoad(l), layout)));
    plans.put(
        Plan.SEXTANT, perLayer(l -> LoadBalance.place(seen.ofLayer(l), layout, seed * 31 + l)));
    PlacementMap sextant = run.target().map(plans.get(Plan.SEXTANT));
    sextant.requireSound("the plan", layout.gpus());
    ArrayNode metrics = JSON.createArrayNode();
    StringBuilder text = new StringBuilder("%-17s %16s%n".formatted("plan", "max/mean GPU"));
    for (Map.Entry<String, int[][]> plan : plans.entrySet()) {
      double mean = metrics(metrics.addObject(), plan.getKey(), plan.getValue(), later);
      text.append(String.format(Locale.ROOT, "%-17s %16.4f%n", plan.getKey(), mean));
    }
    folder.write(
        sextant,
        run.target().map(plans.get(Plan.GREEDY)),
        metrics.toPrettyString() + System.lineSeparator());
    Path placement = folder.placement();
    text.append(
        "over %,d counted steps; %s%nplacement  %s%n".formatted(later.steps(), WHY, placement));
    return new Solved(text.toString(), metrics, Optional.empty(), Optional.empty(), placement);
  }

  private LoadSamples later(LoadSamples seen) {
    TraceWindow scoreOn = run.windows().scoreOn();
    if (scoreOn.equals(run.windows().planOn())) {
      return seen;
    }
    Dataset<Row> scored =
        scoreOn
            .loadCounts(run.spark())
            .orElseThrow(
                () ->
                    InvalidInputException.of(
                        "warehouse " + scoreOn.warehouse(),
                        "it has no load counts of %s, and the plan is made from counts"
                            .formatted(scoreOn.describe()),
                        "Score on days that were counted, or leave out --score-from"));
    return LoadSamples.of(scored, run.target().model());
  }

  private interface LayerPlanner {
    int[] place(int layerIndex);
  }

  /** Layers are independent, so the result is the same on any number of cores. */
  private int[][] perLayer(LayerPlanner planner) {
    return IntStream.range(0, run.target().model().moeLayers().size())
        .parallel()
        .mapToObj(planner::place)
        .toArray(int[][]::new);
  }

  private double metrics(ObjectNode node, String plan, int[][] slots, LoadSamples later) {
    double[] layers =
        IntStream.range(0, slots.length)
            .mapToDouble(
                l -> LoadBalance.maxOverMean(later.ofLayer(l), slots[l], run.target().layout()))
            .toArray();
    double mean = IntStream.range(0, layers.length).mapToDouble(l -> layers[l]).average().orElse(0);
    node.put("plan", plan);
    ScoreTable.putLoadOnly(node, mean);
    node.put("traffic", "not considered: " + WHY);
    ArrayNode perLayer = node.putArray("layers");
    for (int l = 0; l < layers.length; l++) {
      ScoreTable.putLoadOnly(
          perLayer.addObject().put("layer", run.target().model().moeLayers().get(l)), layers[l]);
    }
    return mean;
  }
}
