package io.sextant.jobs.score;

import io.sextant.placement.evaluate.MicroBatchMeasure;
import io.sextant.placement.evaluate.PlacementMetrics;
import io.sextant.schema.placement.PlanOrigin;
import io.sextant.schema.stats.Estimate;
import io.sextant.schema.table.PlanTables.PlacementMetricsRow;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The scores of plans as rows of {@code placement_metrics}.
 *
 * @param movedBytes bytes that each plan moves from the current map
 */
public record ScoreRows(PlanScores scores, MovedBytes movedBytes) {
  private static final int ALL_LAYERS = -1;

  /** One row per layer, and one for all layers with intervals, for each plan. */
  public List<PlacementMetricsRow> rows(List<Plan> plans, List<Integer> layerIds, RowHead head) {
    List<PlacementMetricsRow> rows = new ArrayList<>();
    for (Plan scored : plans) {
      String plan = scored.name();
      Key key = new Key(head, scored, head.ids().origin(scored));
      Map<MicroBatchMeasure, Estimate> intervals = new EnumMap<>(MicroBatchMeasure.class);
      for (MicroBatchMeasure measure : MicroBatchMeasure.values()) {
        scores.interval(plan, measure).ifPresent(found -> intervals.put(measure, found));
      }
      rows.add(row(key, ALL_LAYERS, scores.metrics(plan), intervals, movedBytes.total(plan)));
      for (int l = 0; l < scores.layers(); l++) {
        rows.add(
            row(
                key,
                layerIds.get(l),
                scores.metrics(plan, l),
                Map.of(),
                movedBytes.ofLayer(plan, l)));
      }
    }
    return rows;
  }

  private record Key(RowHead head, Plan plan, PlanOrigin origin) {}

  private static PlacementMetricsRow row(
      Key key,
      int layer,
      PlacementMetrics m,
      Map<MicroBatchMeasure, Estimate> intervals,
      Long movedBytes) {
    RowHead head = key.head();
    return new PlacementMetricsRow(
        head.planId(key.plan()),
        key.plan().name(),
        head.cluster(),
        head.slots(),
        head.serving(),
        head.precision(),
        head.traffic(),
        head.scored().first(),
        head.scored().last(),
        layer,
        m.remoteNodesPerToken(),
        m.gpusPerToken(),
        orNull(m.maxOverMeanGpuLoad()),
        orNull(m.maxOverMeanNodeReceive()),
        orNull(m.activatedExpertsPerGpu()),
        m.tokens(),
        m.microBatches(),
        orNull(m.layerMicros()),
        orNull(m.remoteSendsPerToken()),
        orNull(m.main().maxOverMeanNicReceive()),
        m.main().tokensLeftOut(),
        orNull(m.prefill().remoteNodesPerToken()),
        orNull(m.prefill().remoteSendsPerToken()),
        orNull(m.prefill().maxOverMeanGpuLoad()),
        orNull(m.prefill().layerMicros()),
        orNull(m.decode().remoteNodesPerToken()),
        orNull(m.decode().remoteSendsPerToken()),
        orNull(m.decode().maxOverMeanGpuLoad()),
        orNull(m.decode().layerMicros()),
        low(intervals.get(MicroBatchMeasure.REMOTE_NODES_PER_TOKEN)),
        high(intervals.get(MicroBatchMeasure.REMOTE_NODES_PER_TOKEN)),
        low(intervals.get(MicroBatchMeasure.GPUS_PER_TOKEN)),
        high(intervals.get(MicroBatchMeasure.GPUS_PER_TOKEN)),
        low(intervals.get(MicroBatchMeasure.MAX_OVER_MEAN_GPU_LOAD)),
        high(intervals.get(MicroBatchMeasure.MAX_OVER_MEAN_GPU_LOAD)),
        low(intervals.get(MicroBatchMeasure.MAX_OVER_MEAN_NODE_RECEIVE)),
        high(intervals.get(MicroBatchMeasure.MAX_OVER_MEAN_NODE_RECEIVE)),
        low(intervals.get(MicroBatchMeasure.LAYER_MICROS)),
        high(intervals.get(MicroBatchMeasure.LAYER_MICROS)),
        movedBytes,
        key.origin().plannedFrom(),
        key.origin().plannedTo(),
        head.runId(),
        head.model(),
        head.day());
  }

  private static Double low(Estimate interval) {
    return interval == null ? null : (Double) interval.low();
  }

  private static Double high(Estimate interval) {
    return interval == null ? null : (Double) interval.high();
  }

  private static Double orNull(double value) {
    return Double.isNaN(value) ? null : value;
  }
}
