package io.sextant.jobs.report.figures;

import io.sextant.jobs.report.data.PlanData.Plan;
import io.sextant.jobs.report.data.PlanData.Score;
import io.sextant.jobs.report.data.PlanData.Spans;
import io.sextant.jobs.report.data.PlanData.Traffic;
import io.sextant.jobs.report.data.ReportData.Traces;
import io.sextant.jobs.report.data.Section;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.table.PlanTables;
import io.sextant.schema.table.PlanTables.PlacementMetricsRow;
import io.sextant.schema.table.TraceTables;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** The traces that were read, and the scores of the plans on them. */
public final class TrafficFigures {
  public static final String LINEAR = "linear";
  public static final String CURRENT = "current";
  static final String SEXTANT = "sextant";

  private static final int ALL_LAYERS = -1;

  private final WarehouseTables tables;
  private final LayerAxis axis;

  public TrafficFigures(WarehouseTables tables, ModelSpec model) {
    this.tables = tables;
    this.axis = new LayerAxis(model);
  }

  public Section<Traces> traces() {
    return tables
        .collect(
            TraceTables.FILES,
            "ingest",
            FileTotals.class,
            rows ->
                rows.groupBy("model")
                    .agg(
                        functions.expr("count_if(status = 'ingested')").as("files"),
                        sumOfIngested("requests").as("requests"),
                        sumOfIngested("tokens").as("tokens"),
                        functions.expr("count_if(status = 'quarantined')").as("quarantined"),
                        sumOfIngested("rejected").as("rejected")))
        .map(rows -> traces(rows.get(0)));
  }

  /** Totals of the table {@code files}. */
  private record FileTotals(
      long files, long requests, long tokens, long quarantined, long rejected) {}

  /** A number of counted steps. */
  private record Steps(long steps) {}

  private Traces traces(FileTotals totals) {
    Section<List<Steps>> steps =
        tables.collect(
            TraceTables.LOAD_COUNTS,
            "ingest",
            Steps.class,
            rows -> rows.agg(functions.countDistinct("source", "step", "arrival_ms").as("steps")));
    return new Traces(
        totals.files(),
        totals.requests(),
        totals.tokens(),
        steps.available() ? steps.value().get(0).steps() : 0,
        totals.quarantined(),
        totals.rejected());
  }

  /** The plans of a run. */
  public Section<Traffic> traffic(ShownRun run) {
    return tables
        .collect(
            PlanTables.PLACEMENT_METRICS,
            "solve",
            PlacementMetricsRow.class,
            rows ->
                rows.where(functions.col("run_id").equalTo(run.runId())).orderBy("plan", "layer"))
        .map(rows -> traffic(rows, run));
  }

  private static Column sumOfIngested(String column) {
    return functions.expr(
        "coalesce(sum(%s) filter (where status = 'ingested'), 0)".formatted(column));
  }

  private Traffic traffic(List<PlacementMetricsRow> rows, ShownRun run) {
    Map<String, Plan> plans = new TreeMap<>(planOrder(run.plan()));
    PlacementMetricsRow shown = rows.get(0);
    for (PlacementMetricsRow row : rows) {
      String name = row.plan();
      int layer = row.layer();
      shown = name.equals(run.plan()) ? row : shown;
      Plan plan =
          plans.computeIfAbsent(name, key -> new Plan(key, null, Figures.blanks(axis.size())));
      if (layer == ALL_LAYERS) {
        plans.put(name, new Plan(name, score(row, spans(row)), plan.byLayer()));
      } else {
        plan.byLayer().set(axis.index(layer), score(row, null));
      }
    }
    return new Traffic(
        List.copyOf(plans.values()),
        plans.containsKey(CURRENT) ? CURRENT : LINEAR,
        run.plan(),
        shown.serving(),
        shown.day(),
        run.runId(),
        new IdentityFigures(tables).identity(shown, run));
  }

  /** Sorts plans: linear first, the plan that the page describes last, the others by name. */
  private static Comparator<String> planOrder(String last) {
    return Comparator.comparing((String plan) -> plan.equals(last))
        .thenComparing(plan -> !plan.equals(LINEAR))
        .thenComparing(Comparator.naturalOrder());
  }

  private static Score score(PlacementMetricsRow row, Spans spans) {
    return new Score(
        Figures.rounded(row.remoteNodesPerToken()),
        Figures.rounded(row.gpusPerToken()),
        Figures.rounded(row.maxOverMeanGpuLoad()),
        Figures.rounded(row.maxOverMeanNodeReceive()),
        Figures.rounded(row.activatedExpertsPerGpu()),
        row.tokens(),
        row.microBatches(),
        Figures.rounded(row.predictedLayerMicros()),
        row.movedBytes(),
        spans);
  }

  private static Spans spans(PlacementMetricsRow row) {
    return new Spans(
        Figures.interval(
            row.remoteNodesPerToken(), row.remoteNodesPerTokenLow(), row.remoteNodesPerTokenHigh()),
        Figures.interval(row.gpusPerToken(), row.gpusPerTokenLow(), row.gpusPerTokenHigh()),
        Figures.interval(
            row.maxOverMeanGpuLoad(), row.maxOverMeanGpuLoadLow(), row.maxOverMeanGpuLoadHigh()),
        Figures.interval(
            row.maxOverMeanNodeReceive(),
            row.maxOverMeanNodeReceiveLow(),
            row.maxOverMeanNodeReceiveHigh()),
        Figures.interval(
            row.predictedLayerMicros(),
            row.predictedLayerMicrosLow(),
            row.predictedLayerMicrosHigh()));
  }
}
