package io.sextant.jobs.score;

import io.sextant.placement.evaluate.LayerEvaluator;
import io.sextant.placement.evaluate.MicroBatchRecord;

/** The state of scoring one layer of one plan. */
record LayerScore(
    Plan plan, int layerIndex, LayerEvaluator evaluator, MicroBatchRecord microBatches) {

  PlanTally tally(String stretch) {
    return new PlanTally(
        plan.name(), stretch, layerIndex, evaluator.tally(), microBatches, evaluator.sentTokens());
  }
}
