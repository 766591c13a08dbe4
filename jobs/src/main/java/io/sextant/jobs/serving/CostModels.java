package io.sextant.jobs.serving;

import io.sextant.placement.evaluate.CostModel;
import io.sextant.placement.evaluate.ExpertWork;
import io.sextant.placement.evaluate.LinkCosts;
import io.sextant.placement.evaluate.MeasuredWork;
import io.sextant.placement.evaluate.RooflineWork;
import io.sextant.schema.spec.ClusterSpec;
import io.sextant.schema.spec.ModelSpec;

/** The cost model of a model on a cluster, from the rates in {@code conf/clusters}. */
public final class CostModels {
  private static final int WEIGHT_BYTES = 2;
  private static final int DISPATCH_BYTES = 1;
  private static final int COMBINE_BYTES = 2;

  /**
   * Dispatch and combine of one token between two H200 over NVLink ({@code
   * bench/results/2026-11-26-h200-transfer.txt}; medians of four runs). The start of a transfer
   * between nodes was not measured and is taken to be the same. It does not depend on the map.
   */
  private static final double DISPATCH_START_MICROS = 5.1;

  private static final double COMBINE_START_MICROS = 16.4;

  private CostModels() {}

  /** Bytes of one expert's weights in the served precision. */
  public static long expertBytes(ModelSpec model) {
    return model.expertBytes(WEIGHT_BYTES);
  }

  /** The cost model with experts in BF16, in which they are served. */
  public static CostModel of(ModelSpec model, ClusterSpec cluster) {
    return of(model, cluster, "bf16");
  }

  /**
   * The cost model from the experts' measured times if the cluster's file has them for this shape,
   * else from the rates of BF16 and three products of hidden x intermediate, 6 operations per
   * weight pair. A hidden state is sent in FP8 and returned in BF16, as in DeepEP.
   *
   * @param precision the experts' precision, bf16 or e4m3
   */
  public static CostModel of(ModelSpec model, ClusterSpec cluster, String precision) {
    double bytes = (double) (DISPATCH_BYTES + COMBINE_BYTES) * model.hidden();
    return new CostModel(
        cluster.expertTimes().stream()
            .filter(
                table ->
                    table.hidden() == model.hidden()
                        && table.expertIntermediate() == model.expertIntermediate()
                        && table.precision().equals(precision))
            .findFirst()
            .<ExpertWork>map(MeasuredWork::new)
            .orElseGet(() -> roofline(model, cluster)),
        new LinkCosts(
            bytes / (cluster.interNodeGigabytesPerSecond() * 1e3),
            bytes / (cluster.intraNodeGigabytesPerSecond() * 1e3),
            DISPATCH_START_MICROS + COMBINE_START_MICROS));
  }

  private static RooflineWork roofline(ModelSpec model, ClusterSpec cluster) {
    double operations = 6.0 * model.hidden() * model.expertIntermediate();
    return new RooflineWork(
        operations / (cluster.gpuTeraflops() * 1e6),
        expertBytes(model) / (cluster.gpuMemoryGigabytesPerSecond() * 1e3));
  }
}
