package io.sextant.jobs.report;

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
final class TrafficFigures {
  static final String LINEAR = "linear";
  static final String CURRENT = "current";
  static final String SEXTANT = "sextant";

  private static final int ALL_LAYERS = -1;

  private final WarehouseTables tables;
  private final LayerAxis axis;

  TrafficFigures(WarehouseTables tables, ModelSpec model) {
    this.tables = tables;
    this.axis = new LayerAxis(model);
  }

  Section<Traces> traces() {
    return tables
        .collect(
            TraceTables.FILES,
            "ingest",
            Traces.class,
            rows ->
                rows.groupBy("model")
                    .agg(
                        functions.expr("count_if(status = 'ingested')").as("files"),
                        sumOfIngested("requests").as("requests"),
                        sumOfIngested("tokens").as("tokens"),
                        functions.expr("count_if(status = 'quarantined')").as("quarantined"),
                        sumOfIngested("rejected").as("rejected_requests")))
        .map(rows -> rows.get(0));
  }

  /** The plans of the last run over the last day that was scored. */
  Section<Traffic> traffic() {
    return tables
        .collectLastDay(
            PlanTables.PLACEMENT_METRICS, "solve", rows -> rows, "run_id", "plan", "layer")
        .map(this::traffic);
  }

  private static Column sumOfIngested(String column) {
    return functions.expr(
        "coalesce(sum(%s) filter (where status = 'ingested'), 0)".formatted(column));
  }

  private Traffic traffic(List<PlacementMetricsRow> rows) {
    PlacementMetricsRow last = rows.get(rows.size() - 1);
    String runId = last.runId();
    Map<String, Plan> plans = new TreeMap<>(planOrder());
    for (PlacementMetricsRow row : rows) {
      if (!row.runId().equals(runId)) {
        continue;
      }
      String name = row.plan();
      int layer = row.layer();
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
        last.serving(),
        last.day(),
        runId);
  }

  /** Sorts plans: linear first, Sextant last, the others by name. */
  private static Comparator<String> planOrder() {
    return Comparator.comparing((String plan) -> plan.equals(SEXTANT))
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
