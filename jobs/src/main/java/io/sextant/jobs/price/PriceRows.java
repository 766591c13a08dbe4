package io.sextant.jobs.price;

import io.sextant.jobs.score.PlanIds;
import io.sextant.jobs.score.RowHead;
import io.sextant.jobs.table.SmallTable;
import io.sextant.placement.evaluate.MicroBatchMeasure;
import io.sextant.schema.stats.Estimate;
import io.sextant.schema.table.DecisionTables;
import io.sextant.schema.table.DecisionTables.CopyPriceRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Stores the result of {@code price} as rows of {@code copy_prices}. */
record PriceRows(PriceReport report) {

  void write(String warehouse) {
    for (PriceCurve curve : report.curves()) {
      PricePoint fewest = curve.fewest();
      SmallTable.replace(
          rows(curve),
          DecisionTables.COPY_PRICES,
          warehouse + "/" + DecisionTables.COPY_PRICES.name(),
          head(fewest).file(fewest.plan(), null));
    }
  }

  private List<CopyPriceRow> rows(PriceCurve curve) {
    List<CopyPriceRow> rows = new ArrayList<>();
    for (PricePoint point : curve.points()) {
      rows.add(row(curve, point));
    }
    return rows;
  }

  private CopyPriceRow row(PriceCurve curve, PricePoint point) {
    RowHead head = head(point);
    return new CopyPriceRow(
        head.planId(point.plan()),
        "sextant",
        head.cluster(),
        head.slots(),
        head.serving(),
        head.precision(),
        head.traffic(),
        head.scored().first(),
        head.scored().last(),
        point.target().pool().label(),
        point.slotsPerGpu(),
        orNull(point.metrics().layerMicros()),
        low(point.interval(MicroBatchMeasure.LAYER_MICROS)),
        high(point.interval(MicroBatchMeasure.LAYER_MICROS)),
        point.gain().map(Estimate::value).orElse(null),
        low(point.gain()),
        high(point.gain()),
        orNull(point.metrics().remoteNodesPerToken()),
        low(point.interval(MicroBatchMeasure.REMOTE_NODES_PER_TOKEN)),
        high(point.interval(MicroBatchMeasure.REMOTE_NODES_PER_TOKEN)),
        orNull(point.metrics().maxOverMeanGpuLoad()),
        low(point.interval(MicroBatchMeasure.MAX_OVER_MEAN_GPU_LOAD)),
        high(point.interval(MicroBatchMeasure.MAX_OVER_MEAN_GPU_LOAD)),
        orNull(point.cacheTokens()),
        orNull(point.cacheTokensLost(curve.fewest())),
        curve.atKnee().map(knee -> knee.slots() == point.slots() ? 1 : 0).orElse(null),
        report.minimumGain(),
        point.cpuSeconds(),
        report.planned().first(),
        report.planned().last(),
        head.runId(),
        head.model(),
        head.day());
  }

  private RowHead head(PricePoint point) {
    return new RowHead(
        new PlanIds(point.target(), report.planned()), report.scored(), report.runId());
  }

  private static Double low(Optional<Estimate> interval) {
    return interval.map(Estimate::low).orElse(null);
  }

  private static Double high(Optional<Estimate> interval) {
    return interval.map(Estimate::high).orElse(null);
  }

  private static Double orNull(double value) {
    return Double.isNaN(value) ? null : value;
  }

  private static Long orNull(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }
}
