package io.sextant.jobs.layers;

import io.sextant.placement.migration.LayerOption;
import java.io.Serializable;
import java.util.List;

/**
 * The plans for one layer; public because Spark's encoder requires it.
 *
 * @param layer absolute id of the layer
 * @param tokens number of tokens that the plans were made from
 * @param slots shape [planners][slots]
 * @param cpuSeconds shape [planners]
 * @param options maps that the layer could change to from the map in force; empty if there is none
 * @param sized Sextant's plan for each number of slots that the layer may have
 */
public record LayerPlan(
    int layer,
    long tokens,
    int[][] slots,
    double[] cpuSeconds,
    List<LayerOption> options,
    SizedPlans sized)
    implements Serializable {}
