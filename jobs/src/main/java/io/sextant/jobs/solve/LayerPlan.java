package io.sextant.jobs.solve;

import io.sextant.placement.migration.LayerOption;
import java.io.Serializable;
import java.util.List;

/**
 * The answers for one layer; public because Spark's encoder asks for it.
 *
 * @param layer absolute id
 * @param tokens tokens planned from
 * @param slots shape [planners][slots]
 * @param cpuSeconds shape [planners]
 * @param options what the layer could go to from the map in force; empty without one
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
