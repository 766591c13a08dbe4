package io.sextant.jobs.serving;

import io.sextant.jobs.window.Pool;
import io.sextant.jobs.window.SourceNodes;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ServingProfile;
import io.sextant.schema.spec.Transport;
import java.io.Serializable;

/**
 * The part of a {@link PlanTarget} that Spark tasks need to plan and score layers.
 *
 * @param model the model whose experts are placed
 * @param layout the cluster's slots
 * @param sources the GPU on which each request runs
 * @param profile the rules under which the placement is served
 * @param pool the phases that the GPUs serve
 */
public record LayerShape(
    ModelSpec model, SlotLayout layout, SourceNodes sources, ServingProfile profile, Pool pool)
    implements Serializable {

  /** Tokens over which load is averaged; a decode pool computes one step at a time. */
  public int microBatchTokens() {
    return pool == Pool.DECODE ? profile.decodeTokens() : profile.prefillTokens();
  }

  /** How hidden states travel in the batches that load is averaged over. */
  public Transport transport() {
    return pool == Pool.DECODE ? profile.decodeTransport() : profile.prefillTransport();
  }

  /** A layer to place on some slots under the profile. */
  public LayerProblem problem(SlotLayout slots, LayerTokens tokens) {
    return new LayerProblem(slots, tokens, microBatchTokens(), profile.copyRule(), transport());
  }
}
