package io.sextant.jobs.score;

import io.sextant.placement.copies.LayerDispatch;
import io.sextant.placement.evaluate.LayerEvaluator;
import io.sextant.placement.evaluate.MicroBatchRecord;
import io.sextant.schema.engine.SglangModels;
import io.sextant.schema.placement.EngineFormat;
import io.sextant.schema.placement.EngineRows;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.ModelSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Makes evaluators of plans; the choice of copies is worked out once per plan. */
final class PlanEvaluators {
  private final Scoring scoring;
  private final Map<String, List<LayerDispatch>> dispatchOfPlan = new HashMap<>();

  PlanEvaluators(Scoring scoring) {
    this.scoring = scoring;
  }

  /** The initial state of every layer of every plan. */
  List<LayerScore> layerScores(List<Plan> plans) {
    List<LayerScore> scores = new ArrayList<>();
    for (Plan plan : plans) {
      for (int l = 0; l < plan.slots().length; l++) {
        scores.add(layerScore(plan, l));
      }
    }
    return scores;
  }

  /** The initial state of one layer of a plan. */
  LayerScore layerScore(Plan plan, int layerIndex) {
    LayerDispatch dispatch =
        dispatchOfPlan.computeIfAbsent(plan.name(), name -> dispatch(plan)).get(layerIndex);
    MicroBatchRecord microBatches = new MicroBatchRecord();
    LayerEvaluator evaluator =
        new LayerEvaluator(
                dispatch,
                scoring.shape().profile(),
                scoring.shape().pool().phases(),
                scoring.cost())
            .recordInto(microBatches);
    if (scoring.leastLoad()) {
      evaluator.findLeastLoad();
    }
    return new LayerScore(plan, layerIndex, evaluator, microBatches);
  }

  /** Plans for one cluster may differ in their number of slots. */
  private List<LayerDispatch> dispatch(Plan plan) {
    ModelSpec model = scoring.shape().model();
    CopyRule rule = scoring.shape().profile().copyRule();
    PlacementMap map =
        new PlacementMap(model.name(), model.experts(), model.moeLayers(), plan.slots());
    PlacementMap loaded = rule == CopyRule.NEAREST ? loadedBySglang(map, model) : map;
    List<LayerDispatch> rows =
        LayerDispatch.ofMap(
            rule, scoring.shape().layout(), loaded.physicalToLogical(), model.experts());
    return IntStream.range(0, map.layers().size())
        .mapToObj(l -> rows.get(loaded.layers().indexOf(map.layers().get(l))))
        .toList();
  }

  /**
   * SGLang draws copies for every row of the file that it loads, and files for most models have a
   * row for each hidden layer. A model whose class is not known to SGLang has the rows of the map
   * alone.
   */
  private static PlacementMap loadedBySglang(PlacementMap map, ModelSpec model) {
    return EngineFormat.SGLANG.rowsOf(
        map, model, SglangModels.knows(model.modelClass()) ? EngineRows.AUTO : EngineRows.MOE);
  }
}
