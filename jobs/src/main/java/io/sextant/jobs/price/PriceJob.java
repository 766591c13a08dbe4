package io.sextant.jobs.price;

import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.day.DayRange;
import io.sextant.jobs.layers.SweepOrder;
import io.sextant.jobs.layers.SweepStage;
import io.sextant.jobs.layers.SweptPlans;
import io.sextant.jobs.score.Contest;
import io.sextant.jobs.score.EvaluateJob;
import io.sextant.jobs.score.Plan;
import io.sextant.jobs.score.PlanScores;
import io.sextant.jobs.serving.FittingSlots;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.jobs.throughput.Throughput;
import io.sextant.jobs.throughput.ThroughputTable;
import io.sextant.jobs.window.PlanWindows;
import io.sextant.jobs.window.PlanningSample;
import io.sextant.jobs.window.SourceRanks;
import io.sextant.placement.decision.KneeRule;
import io.sextant.placement.decision.MicroBatchSeries;
import io.sextant.placement.evaluate.MicroBatchMeasure;
import io.sextant.schema.stats.Estimate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Plans for several numbers of slots and scores all plans on later days. The requests to plan from
 * are read once and kept on the executors, and all plans are scored in one pass.
 *
 * @param rule the rule that names a number of slots
 * @param memory what fits
 */
record PriceJob(
    SparkSession spark,
    PlanWindows windows,
    KneeRule rule,
    FittingSlots memory,
    String runId,
    Progress progress) {

  /**
   * @param orders the numbers of slots for each cluster and profile, of one model
   * @throws io.sextant.schema.InvalidInputException if a window holds no traces of the model
   */
  PriceReport run(List<PriceOrder> orders) {
    int ranks = SourceRanks.count(spark, windows);
    List<SweptPlans> swept =
        sweep(orders.stream().map(order -> order.sweep().withRanks(ranks)).toList());
    List<Contest> contests =
        swept.stream().map(of -> new Contest(of.order().least(), plans(of))).toList();
    progress.say("scoring %d plans", contests.stream().mapToInt(of -> of.plans().size()).sum());
    List<PlanScores> scores = EvaluateJob.onWarehouse(spark, windows.scoreOn(), contests);
    List<PriceCurve> curves = new ArrayList<>();
    for (int i = 0; i < swept.size(); i++) {
      PriceCurve curve = curve(swept.get(i), contests.get(i).plans(), scores.get(i));
      PlanTarget target = curve.target();
      PlanScores of = scores.get(i);
      curves.add(
          curve.with(
              orders
                  .get(i)
                  .rest()
                  .map(rest -> new ThroughputTable(new Throughput(target, rest), of))));
    }
    PriceReport report =
        new PriceReport(
            curves, planned(), windows.scoreOn().days(spark), rule.minimumGain(), runId);
    new PriceRows(report).write(windows.scoreOn().warehouse());
    return report;
  }

  private DayRange planned() {
    return windows.planOn().days(spark);
  }

  private List<SweptPlans> sweep(List<SweepOrder> orders) {
    PlanTarget any = orders.get(0).least();
    progress.say("%s", any.sources().text());
    PlanningSample sample =
        PlanningSample.of(spark, windows.planOn(), any.model(), windows.dayRule());
    Dataset<?> kept = sample.rows().persist(StorageLevel.MEMORY_AND_DISK());
    List<SweptPlans> swept = new ArrayList<>();
    try {
      for (SweepOrder order : orders) {
        progress.say(
            "planning %d layers for %d to %d slots on %s under the serving profile %s",
            any.model().moeLayers().size(),
            order.least().layout().slots(),
            order.targets().get(order.targets().size() - 1).layout().slots(),
            order.least().cluster().name(),
            order.least().profile().name());
        swept.add(new SweepStage(order).run(sample, windows.planOn()));
      }
    } finally {
      kept.unpersist();
    }
    return swept;
  }

  private static List<Plan> plans(SweptPlans swept) {
    List<Plan> plans = new ArrayList<>();
    for (int i = 0; i < swept.maps().size(); i++) {
      PlanTarget target = swept.order().targets().get(i);
      plans.add(
          Plan.of(
              "%s %s %d"
                  .formatted(
                      target.cluster().name(), target.profile().name(), target.layout().slots()),
              swept.maps().get(i)));
    }
    return plans;
  }

  private PriceCurve curve(SweptPlans swept, List<Plan> plans, PlanScores scores) {
    List<MicroBatchSeries> series =
        plans.stream().map(plan -> scores.series(plan.name())).flatMap(Optional::stream).toList();
    boolean judged = series.size() == plans.size() && !rule.isTooShort(series);
    List<PricePoint> points = new ArrayList<>();
    for (int i = 0; i < plans.size(); i++) {
      PlanTarget target = swept.order().targets().get(i);
      points.add(
          new PricePoint(
              target,
              plans.get(i),
              scores.metrics(plans.get(i).name()),
              intervals(scores, plans.get(i)),
              judged && i > 0
                  ? Optional.of(rule.gain(series.get(0), series.get(i)))
                  : Optional.empty(),
              memory.cacheTokens(target),
              swept.cpuSeconds().get(i)));
    }
    int[] slotsPerGpu = points.stream().mapToInt(PricePoint::slotsPerGpu).toArray();
    return new PriceCurve(
        points,
        judged ? rule.knee(slotsPerGpu, series) : OptionalInt.empty(),
        memory.unknown(points.get(0).target()),
        Optional.empty());
  }

  private static Map<MicroBatchMeasure, Estimate> intervals(PlanScores scores, Plan plan) {
    Map<MicroBatchMeasure, Estimate> intervals = new EnumMap<>(MicroBatchMeasure.class);
    for (MicroBatchMeasure measure : MicroBatchMeasure.values()) {
      scores.interval(plan.name(), measure).ifPresent(found -> intervals.put(measure, found));
    }
    return intervals;
  }
}
