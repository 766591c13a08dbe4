package io.sextant.jobs.score;

import io.sextant.placement.evaluate.MicroBatchRecord;
import io.sextant.placement.evaluate.PlacementTally;
import java.io.Serializable;

/**
 * The sums of one layer of one plan on one file or day.
 *
 * @param plan name of the plan
 * @param stretch the file or day
 * @param layerIndex index of the layer among the model's MoE layers
 * @param tally the sums
 * @param microBatches the measures of every micro-batch
 * @param sentTokens shape [nodes x nodes], source node first: tokens sent between nodes
 */
public record PlanTally(
    String plan,
    String stretch,
    int layerIndex,
    PlacementTally tally,
    MicroBatchRecord microBatches,
    long[] sentTokens)
    implements Serializable {}
