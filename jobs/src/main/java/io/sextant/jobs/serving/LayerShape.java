package io.sextant.jobs.serving;

import io.sextant.jobs.window.SourceNodes;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.ModelSpec;
import java.io.Serializable;

/**
 * The part of a {@link PlanTarget} that Spark tasks need to plan and score layers.
 *
 * @param model the model whose experts are placed
 * @param layout the cluster's slots
 * @param sources the node of each data-parallel rank
 * @param microBatchTokens tokens over which load is averaged
 * @param decodeStepTokens decode rows per step
 */
public record LayerShape(
    ModelSpec model,
    SlotLayout layout,
    SourceNodes sources,
    int microBatchTokens,
    int decodeStepTokens)
    implements Serializable {}
