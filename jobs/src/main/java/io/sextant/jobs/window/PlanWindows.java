package io.sextant.jobs.window;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import io.sextant.jobs.mix.LabelTokens;
import io.sextant.jobs.mix.Traffic;
import io.sextant.jobs.mix.TrafficChange;
import io.sextant.jobs.table.TypedRows;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelSpec;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/**
 * The days from which a plan is made and the days on which it is scored.
 *
 * @param planOn the window to plan on
 * @param scoreOn the window to score on, preferably of later days
 * @param daysAlike whether all days to plan on have the same weight
 * @param change how the traffic to plan for and to score on differs from the recorded one
 */
public record PlanWindows(
    TraceWindow planOn, TraceWindow scoreOn, boolean daysAlike, TrafficChange change) {

  private record DayLabel(String day, String label, long tokens) {}

  /** Windows with the traffic that was recorded. */
  public PlanWindows(TraceWindow planOn, TraceWindow scoreOn, boolean daysAlike) {
    this(planOn, scoreOn, daysAlike, TrafficChange.NONE);
  }

  /** The same days with a change of traffic, which {@link #withChangedTraffic} makes. */
  public PlanWindows changedBy(TrafficChange asked) {
    return new PlanWindows(planOn, scoreOn, daysAlike, asked);
  }

  /** The weights of the days: by default a plan is made for the first day on which it is scored. */
  public DayRule dayRule() {
    return new DayRule(planOn.hasDaysOf(scoreOn) ? null : scoreOn.firstDay(), daysAlike);
  }

  /**
   * The same days with the changed traffic; both windows get the same shares.
   *
   * @throws InvalidInputException if a window has no requests of a label or in the hours, or only
   *     counts of engines
   */
  public PlanWindows withChangedTraffic(SparkSession spark, ModelSpec model) {
    if (change.isNone()) {
      return this;
    }
    requireTraces(spark);
    int layer = model.moeLayers().get(0);
    Traffic inHours =
        new Traffic(change.hours(), Collections.emptyNavigableMap(), change.text(), List.of());
    LabelTokens planned = labelTokens(spark, planOn.with(inHours), layer, dayRule());
    LabelTokens scored = labelTokens(spark, scoreOn.with(inHours), layer, new DayRule(null, true));
    return new PlanWindows(
        planOn.with(change.planned(planned)),
        scoreOn.with(change.scored(planned, scored)),
        daysAlike,
        change);
  }

  /**
   * Tokens of each label.
   *
   * @param layer a layer with experts; every request has a row for each
   * @param rule rule for the weight of each day
   * @throws InvalidInputException if no request counts
   */
  private static LabelTokens labelTokens(
      SparkSession spark, TraceWindow window, int layer, DayRule rule) {
    List<DayLabel> counts =
        TypedRows.of(DayLabel.class)
            .collect(
                window
                    .table(spark)
                    .where(col("layer").equalTo(layer))
                    .where(window.pool().tokens() + " > 0")
                    .groupBy(col("day").cast("string").as("day"), col("domain").as("label"))
                    .agg(expr("sum(%s)".formatted(window.pool().tokens())).as("tokens"))
                    .orderBy("day", "label"));
    if (counts.isEmpty()) {
      throw window.withoutRows();
    }
    DayWeights weights = rule.weigh(counts.stream().map(DayLabel::day).distinct().toList());
    NavigableMap<String, Double> tokens = new TreeMap<>();
    for (DayLabel count : counts) {
      tokens.merge(count.label(), count.tokens() * weights.of(count.day()), Double::sum);
    }
    return new LabelTokens("traces of " + window.describe(), tokens);
  }

  /** Checks that there are requests if engines recorded anything. */
  private void requireTraces(SparkSession spark) {
    if (!planOn.hasTraces() && planOn.loadCounts(spark).isPresent()) {
      throw InvalidInputException.of(
          "traces of " + planOn.describe(),
          "they only count tokens of each expert, and %s needs the requests"
              .formatted(change.text()),
          "Leave the option out, or ingest traces of requests");
    }
  }
}
