package io.sextant.jobs.plan;

import io.sextant.jobs.score.EvaluateJob;
import io.sextant.jobs.score.MovedBytes;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.PlanIds;
import io.sextant.jobs.window.RequestRoutes;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.schema.InvalidInputException;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * Scores plans on the warehouse.
 *
 * @param ids the ids of the plans, and the target that they are scored for
 * @param routes the node of each request by request id, for routed plans
 */
record ScoreStage(PlanIds ids, RequestRoutes routes) {

  /**
   * @throws InvalidInputException if the window holds no traces
   */
  Scored run(SparkSession spark, TraceWindow window, List<Plan> plans, MovedBytes movedBytes) {
    return new Scored(
        List.copyOf(plans),
        new EvaluateJob(spark, ids.target(), routes).onWarehouse(window, plans),
        movedBytes,
        ids);
  }
}
