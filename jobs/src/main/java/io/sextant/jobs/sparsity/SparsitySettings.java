package io.sextant.jobs.sparsity;

import io.sextant.numerics.pruning.LayerChain;
import java.util.List;

/**
 * The settings of a plan.
 *
 * @param times file with measured times
 * @param tokens examples per batch
 * @param densities densities that a layer may have, including 1
 * @param budget maximum time of the products, as a share of the full model's
 * @param leastSpeedup minimum speedup for which pruning is worthwhile
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
