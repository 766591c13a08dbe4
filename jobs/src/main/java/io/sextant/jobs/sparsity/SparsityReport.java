package io.sextant.jobs.sparsity;

import io.sextant.numerics.damage.HeldOut;
import io.sextant.numerics.damage.PolicyModel;
import io.sextant.numerics.pruning.DensityPlanner;
import io.sextant.numerics.pruning.PruningGain;
import io.sextant.numerics.stream.StreamPlan;
import java.util.List;

/**
 * All that a run found.
 *
 * @param device that was measured
 * @param plans of each policy; none where pruning does not pay
 */
record SparsityReport(
    String device,
    SparsitySettings settings,
    DensityPlanner planner,
    PruningGain gain,
    List<PolicyModel> models,
    List<HeldOut> heldOut,
    List<StreamPlan> plans) {}
