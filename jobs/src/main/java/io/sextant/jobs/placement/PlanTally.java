package io.sextant.jobs.placement;

import io.sextant.placement.PlacementTally;
import java.io.Serializable;

/**
 * What one layer of one plan was scored on one file or day.
 *
 * @param plan name of the plan
 * @param layerIndex index of the layer among the model's MoE layers
 * @param tally the sums
 */
public record PlanTally(String plan, int layerIndex, PlacementTally tally)
    implements Serializable {}
