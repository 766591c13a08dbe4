package io.sextant.jobs.sparsity;

import io.sextant.numerics.pruning.LayerChain;
import java.util.List;

/**
 * What a user asks of a plan.
 *
 * @param times file of measured times
 * @param tokens examples at once
 * @param densities a layer may have, 1 among them
 * @param budget most time of the products, as a share of the full model's
 * @param leastSpeedup below which pruning is not worth its trouble
 * @param hysteresis share by which the expected damage must fall before widths are changed
 */
record SparsitySettings(
    List<LayerChain> chains,
    String times,
    int tokens,
    double[] densities,
    double budget,
    double leastSpeedup,
    double hysteresis) {}
