package io.sextant.jobs.sparsity;

import io.sextant.numerics.damage.HeldOut;
import io.sextant.numerics.damage.PolicyModel;
import io.sextant.numerics.pruning.DensityPlanner;
import io.sextant.numerics.pruning.PruningGain;
import io.sextant.numerics.stream.StreamPlan;
import java.util.List;

/**
 * The results of a run.
 *
 * @param device the device that was measured
 * @param plans the plans of each policy; empty if pruning brings no gain
 */
record SparsityReport(
    String device,
    SparsitySettings settings,
    DensityPlanner planner,
    PruningGain gain,
    List<PolicyModel> models,
    List<HeldOut> heldOut,
    List<StreamPlan> plans) {}
