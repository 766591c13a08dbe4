package io.sextant.jobs.plan;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.PlanIds;
import io.sextant.jobs.score.RowHead;
import io.sextant.jobs.score.ScoreTable;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.placement.baseline.EplbPlacement;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.solve.LoadBalance;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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
    Dataset<Row> scoredOn = scoredOn(counts);
    LoadSamples seen = LoadSamples.of(counts, model);
    LoadSamples later = scoredOn == counts ? seen : LoadSamples.of(scoredOn, model);
    PlanIds ids = new PlanIds(run.target(), TraceWindow.range(counts));
    List<Plan> plans =
        List.of(
            Plan.of(Plan.LINEAR, run.target().linear()),
            new Plan(Plan.GREEDY, perLayer(l -> EplbPlacement.global(seen.expertLoad(l), layout))),
            new Plan(
                Plan.SEXTANT,
                perLayer(l -> LoadBalance.place(seen.ofLayer(l), layout, seed * 31 + l))));
    Plan sextant = plans.get(2);
    run.target().map(sextant.slots()).requireSound("the plan", layout.gpus());
    ArrayNode metrics = JSON.createArrayNode();
    StringBuilder text = new StringBuilder("%-17s %16s%n".formatted("plan", "max/mean GPU"));
    List<LoadOnlyRows.Scored> scored = new ArrayList<>();
    for (Plan plan : plans) {
      LoadOnlyRows.Scored one = score(plan, later);
      scored.add(one);
      put(metrics.addObject(), one, ids);
      text.append(String.format(Locale.ROOT, "%-17s %16.4f%n", plan.name(), one.mean()));
    }
    folder.write(sextant, plans.get(1), metrics.toPrettyString() + System.lineSeparator(), ids);
    RowHead head = new RowHead(ids, TraceWindow.range(scoredOn), run.runId());
    new LoadOnlyRows(head).write(run.windows().scoreOn().warehouse(), scored, later);
    Solved.Written written = new Solved.Written(folder.placement(), ids.of(sextant));
    text.append(
        "linear fills as many slots as the other plans with the experts in their order%nover %,d counted steps; %s%nplacement  %s%nplan id    %s%n"
            .formatted(later.steps(), WHY, written.placement(), written.id()));
    return new Solved(
        text.toString(), metrics, Optional.empty(), Optional.empty(), Optional.empty(), written);
  }

  private Dataset<Row> scoredOn(Dataset<Row> counts) {
    TraceWindow scoreOn = run.windows().scoreOn();
    if (scoreOn.equals(run.windows().planOn())) {
      return counts;
    }
    return scoreOn
        .loadCounts(run.spark())
        .orElseThrow(
            () ->
                InvalidInputException.of(
                    "warehouse " + scoreOn.warehouse(),
                    "it has no load counts of %s, and the plan is made from counts"
                        .formatted(scoreOn.describe()),
                    "Score on days that were counted, or leave out --score-from"));
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

  private LoadOnlyRows.Scored score(Plan plan, LoadSamples later) {
    double[] layers =
        IntStream.range(0, plan.slots().length)
            .mapToDouble(
                l ->
                    LoadBalance.maxOverMean(
                        later.ofLayer(l), plan.slots()[l], run.target().layout()))
            .toArray();
    return new LoadOnlyRows.Scored(plan, layers, Arrays.stream(layers).average().orElse(0));
  }

  private void put(ObjectNode node, LoadOnlyRows.Scored scored, PlanIds ids) {
    node.put("plan", scored.plan().name())
        .put("plan_id", ids.of(scored.plan()).value())
        .put("cluster", run.target().cluster().name())
        .put("slots", run.target().layout().slots());
    ScoreTable.putLoadOnly(node, scored.mean());
    node.put("traffic", "not considered: " + WHY);
    ArrayNode perLayer = node.putArray("layers");
    for (int l = 0; l < scored.layers().length; l++) {
      ScoreTable.putLoadOnly(
          perLayer.addObject().put("layer", run.target().model().moeLayers().get(l)),
          scored.layers()[l]);
    }
  }
}
