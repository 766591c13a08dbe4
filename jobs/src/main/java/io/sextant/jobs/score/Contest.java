package io.sextant.jobs.score;

import io.sextant.jobs.serving.PlanTarget;
import io.sextant.placement.outage.LostGpus;
import java.util.List;

/**
 * Plans, and what they are scored for.
 *
 * @param target the model, cluster and serving profile
 * @param lost GPUs that serve nothing
 */
public record Contest(PlanTarget target, LostGpus lost, List<Plan> plans) {

  /** All GPUs serve. */
  public Contest(PlanTarget target, List<Plan> plans) {
    this(target, LostGpus.none(target.layout()), plans);
  }
}
