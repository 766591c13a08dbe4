package io.sextant.jobs.sparsity;

import io.sextant.gpu.sparsity.DensityPlanner;
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
