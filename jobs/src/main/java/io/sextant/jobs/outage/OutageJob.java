package io.sextant.jobs.outage;

import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.score.Contest;
import io.sextant.jobs.score.EvaluateJob;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.PlanScores;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.window.PlanWindows;
import io.sextant.jobs.window.SourceRanks;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.placement.evaluate.MicroBatchMeasure;
import io.sextant.placement.outage.LostGpus;
import io.sextant.schema.placement.PlacementMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * Takes GPUs or nodes from a plan, prepares a map for what is left, and scores it, all in one pass
 * over the traces.
 *
 * @param target the cluster with all its GPUs
 * @param map the plan
 * @param window the days to score on, whose loads also decide where lost experts go
 */
record OutageJob(
    SparkSession spark,
    PlanTarget target,
    PlacementMap map,
    TraceWindow window,
    Progress progress) {
  private static final String WHOLE = "whole";

  /** Each GPU, or each node, lost in turn. */
  OutageReport each(boolean nodes) {
    double[][] load = load();
    int units = nodes ? target.layout().nodes() : target.layout().gpus();
    List<Outage> outages = new ArrayList<>();
    for (int unit = 0; unit < units; unit++) {
      LostGpus lost =
          nodes ? LostGpus.node(target.layout(), unit) : new LostGpus(target.layout(), unit, 1);
      String name = "%s %d".formatted(nodes ? "node" : "gpu", unit);
      outages.add(
          Outage.of(name, lost, LostGpus.none(target.layout()), map.physicalToLogical(), load));
    }
    return score(outages, false);
  }

  /**
   * The last GPUs leave one after the other. Experts go to GPUs that stay, so that none is copied
   * twice.
   *
   * @param count number of GPUs that leave
   */
  OutageReport shrink(int count) {
    double[][] load = load();
    LostGpus leaving = LostGpus.last(target.layout(), count);
    List<Outage> outages = new ArrayList<>();
    int[][] slots = map.physicalToLogical();
    for (int gone = 1; gone <= count; gone++) {
      Outage outage =
          Outage.of(
              "%d GPUs".formatted(target.layout().gpus() - gone),
              LostGpus.last(target.layout(), gone),
              leaving,
              slots,
              load);
      outages.add(outage);
      slots = outage.slots();
    }
    return score(outages, true);
  }

  private double[][] load() {
    return ExpertTokens.of(spark, window, target.model());
  }

  private OutageReport score(List<Outage> outages, boolean planned) {
    PlanTarget known =
        target.withRanks(SourceRanks.count(spark, new PlanWindows(window, window, true)));
    progress.say("%s", known.sources().text());
    List<Contest> contests = new ArrayList<>();
    contests.add(new Contest(known, List.of(Plan.of(WHOLE, map))));
    for (Outage outage : outages) {
      if (outage.missingExperts() == 0) {
        contests.add(
            new Contest(known, outage.gpus(), List.of(new Plan(outage.name(), outage.slots()))));
      }
    }
    progress.say("scoring %d maps", contests.size());
    List<PlanScores> scores = EvaluateJob.onWarehouse(spark, window, contests);
    List<ScoredOutage> scored = new ArrayList<>();
    int next = 1;
    for (Outage outage : outages) {
      if (outage.missingExperts() == 0) {
        PlanScores of = scores.get(next++);
        scored.add(
            new ScoredOutage(
                outage,
                Optional.of(of.metrics(outage.name())),
                of.interval(outage.name(), MicroBatchMeasure.LAYER_MICROS)));
      } else {
        scored.add(new ScoredOutage(outage, Optional.empty(), Optional.empty()));
      }
    }
    return new OutageReport(
        known,
        window.days(spark),
        scores.get(0).metrics(WHOLE),
        scores.get(0).interval(WHOLE, MicroBatchMeasure.LAYER_MICROS),
        scored,
        planned);
  }
}
