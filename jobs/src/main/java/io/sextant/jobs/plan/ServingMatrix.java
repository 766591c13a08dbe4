package io.sextant.jobs.plan;

import io.sextant.jobs.layers.PlanOrder;
import io.sextant.jobs.layers.PlannedMaps;
import io.sextant.jobs.layers.Planner;
import io.sextant.jobs.score.MovedBytes;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.PlanScores;
import io.sextant.jobs.window.PlanningSample;
import io.sextant.jobs.window.RequestRoutes;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.spec.ServingProfile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.storage.StorageLevel;

/**
 * Plans with Sextant for several serving profiles and scores these plans and the published methods'
 * under every one of them, on later days. The sample is read once and kept on the executors.
 *
 * @param jobs the comparison for each profile; they differ in the profile alone
 */
public record ServingMatrix(List<CompareJob> jobs) {
  /** Name of Sextant's plan for a profile. */
  static String planFor(ServingProfile profile) {
    return Plan.SEXTANT + ":" + profile.name();
  }

  /**
   * @param given further maps to score; their names differ from the planners'
   */
  public ServingScores run(List<Plan> given) {
    PlanRun run = jobs.get(0).run();
    Map<String, String> obstacles = new LinkedHashMap<>();
    List<Planner> planners = CompareJob.planners(run.target(), obstacles);
    CompareJob.requireDistinctNames(given);
    PlanningSample sample = run.sample();
    Dataset<?> kept = sample.rows().persist(StorageLevel.MEMORY_AND_DISK());
    List<Plan> plans = new ArrayList<>();
    PlannedMaps first = null;
    try {
      for (CompareJob job : jobs) {
        ServingProfile profile = job.run().target().profile();
        job.run().announce("for the serving profile " + profile.name());
        // The other methods do not look at the profile, except for the tokens of a batch.
        List<Planner> wanted = first == null ? planners : List.of(Planner.SEXTANT);
        PlannedMaps planned =
            job.run().plan(sample, new PlanOrder(wanted, job.settings(), Optional.empty(), false));
        first = first == null ? planned : first;
        for (Map.Entry<Planner, PlacementMap> map : planned.maps().entrySet()) {
          String name =
              map.getKey() == Planner.SEXTANT ? planFor(profile) : map.getKey().planName();
          plans.add(Plan.of(name, map.getValue()));
        }
      }
    } finally {
      kept.unpersist();
    }
    plans.addAll(given);
    List<PlanScores> scores = new ArrayList<>();
    for (CompareJob job : jobs) {
      run.progress()
          .say(
              "scoring %d plans under the serving profile %s",
              plans.size(), job.run().target().profile().name());
      scores.add(job.run().score(first, plans, new RequestRoutes(), MovedBytes.NONE).scores());
    }
    return new ServingScores(scores, obstacles, first);
  }
}
