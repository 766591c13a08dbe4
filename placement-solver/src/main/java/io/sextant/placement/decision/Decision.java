package io.sextant.placement.decision;

import io.sextant.schema.stats.Estimate;
import java.io.Serializable;

/**
 * A verdict with the figures it rests on. Intervals are null if there were too few micro-batches to
 * make one.
 *
 * @param verdict the decision
 * @param reason why, in one sentence
 * @param microBatches held-out micro-batches of each layer
 * @param gain by how much the predicted layer time falls, as a share of the current
 * @param currentLayerMicros predicted layer time with the map in force
 * @param candidateLayerMicros predicted layer time with the candidate
 * @param savedRemoteNodes current minus candidate, remote nodes per token
 * @param savedGpuLoad current minus candidate, max/mean GPU load
 * @param savedNodeReceive current minus candidate, max/mean node receive
 * @param moving the cost of the move
 * @param least the gain that had to be exceeded: the larger of the least gain and the moving cost
 */
public record Decision(
    Verdict verdict,
    String reason,
    int microBatches,
    Estimate gain,
    Estimate currentLayerMicros,
    Estimate candidateLayerMicros,
    Estimate savedRemoteNodes,
    Estimate savedGpuLoad,
    Estimate savedNodeReceive,
    MovingCost moving,
    double least)
    implements Serializable {}
