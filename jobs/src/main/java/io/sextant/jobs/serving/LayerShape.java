package io.sextant.jobs.serving;

import io.sextant.jobs.window.SourceNodes;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.ModelSpec;
import java.io.Serializable;

/**
 * The part of a {@link PlanTarget} that Spark tasks plan and score layers with.
 *
 * @param model the model whose experts are placed
 * @param layout the cluster's slots
 * @param sources the node that each data-parallel rank is on
 * @param microBatchTokens tokens over which load is averaged
 * @param decodeStepTokens decode rows of one step
 */
public record LayerShape(
    ModelSpec model,
    SlotLayout layout,
    SourceNodes sources,
    int microBatchTokens,
    int decodeStepTokens)
    implements Serializable {}
