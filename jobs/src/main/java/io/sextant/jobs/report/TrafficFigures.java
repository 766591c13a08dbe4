package io.sextant.jobs.report;

import io.sextant.jobs.report.ReportData.Plan;
import io.sextant.jobs.report.ReportData.Score;
import io.sextant.jobs.report.ReportData.Spans;
import io.sextant.jobs.report.ReportData.Traces;
import io.sextant.jobs.report.ReportData.Traffic;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.table.PlanTables;
import io.sextant.schema.table.TraceTables;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** What was read, and how the plans scored on it. */
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
            rows ->
                rows.groupBy("model")
                    .agg(
                        functions.expr("count_if(status = 'ingested')"),
                        sumOfIngested("requests"),
                        sumOfIngested("tokens"),
                        functions.expr("count_if(status = 'quarantined')"),
                        sumOfIngested("rejected"))
                    .drop("model"))
        .map(rows -> rows.get(0))
        .map(
            row ->
                new Traces(
                    row.getLong(0),
                    row.getLong(1),
                    row.getLong(2),
                    row.getLong(3),
                    row.getLong(4)));
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

  private Traffic traffic(List<Row> rows) {
    Row last = rows.get(rows.size() - 1);
    String runId = last.getAs("run_id");
    Map<String, Plan> plans = new TreeMap<>(planOrder());
    for (Row row : rows) {
      if (!row.getAs("run_id").equals(runId)) {
        continue;
      }
      String name = row.getAs("plan");
      int layer = row.<Integer>getAs("layer");
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
        last.getAs("day"),
        runId);
  }

  /** Linear first, Sextant last, the others by name. */
  private static Comparator<String> planOrder() {
    return Comparator.comparing((String plan) -> plan.equals(SEXTANT))
        .thenComparing(plan -> !plan.equals(LINEAR))
        .thenComparing(Comparator.naturalOrder());
  }

  private static Score score(Row row, Spans spans) {
    return new Score(
        figure(row, "remote_nodes_per_token"),
        figure(row, "gpus_per_token"),
        figure(row, "max_over_mean_gpu_load"),
        figure(row, "max_over_mean_node_receive"),
        figure(row, "activated_experts_per_gpu"),
        row.<Long>getAs("tokens"),
        row.<Long>getAs("micro_batches"),
        figure(row, "predicted_layer_micros"),
        row.<Long>getAs("moved_bytes"),
        spans);
  }

  private static Spans spans(Row row) {
    return new Spans(
        Figures.span(row, "remote_nodes_per_token"),
        Figures.span(row, "gpus_per_token"),
        Figures.span(row, "max_over_mean_gpu_load"),
        Figures.span(row, "max_over_mean_node_receive"),
        Figures.span(row, "predicted_layer_micros"));
  }

  private static Double figure(Row row, String column) {
    return Figures.rounded(row.getAs(column));
  }
}
