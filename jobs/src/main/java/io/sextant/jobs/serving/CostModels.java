package io.sextant.jobs.serving;

import io.sextant.placement.cost.CostModel;
import io.sextant.placement.cost.ExpertWork;
import io.sextant.placement.cost.LinkCosts;
import io.sextant.placement.cost.MeasuredWork;
import io.sextant.placement.cost.RooflineWork;
import io.sextant.schema.spec.ClusterSpec;
import io.sextant.schema.spec.ExpertTimeTable;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.Packaging;
import io.sextant.schema.spec.Packaging.Products;

/** The cost model of a model on a cluster, from the rates in {@code conf/clusters}. */
public final class CostModels {
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

  /**
   * The cost model from the experts' measured times if the cluster's file has them for this shape,
   * else from the GPU's rates and two operations per weight and row. A hidden state is sent in FP8
   * and returned in BF16, as in DeepEP.
   *
   * <p>A table measured with E4M3 weights serves for every packaging of 8 bits. A packaging of 4
   * bits has no table, because its experts are read in a quarter of the time of BF16.
   *
   * @param packaging the packaging of the experts
   */
  public static CostModel of(ModelSpec model, ClusterSpec cluster, Packaging packaging) {
    double bytes = (double) (DISPATCH_BYTES + COMBINE_BYTES) * model.hidden();
    return new CostModel(
        cluster.expertTimes().stream()
            .filter(
                table ->
                    table.hidden() == model.hidden()
                        && table.expertIntermediate() == model.expertIntermediate()
                        && isMeasuredIn(table, packaging))
            .findFirst()
            .<ExpertWork>map(MeasuredWork::new)
            .orElseGet(() -> roofline(model, cluster, packaging)),
        new LinkCosts(
            bytes / (cluster.interNodeGigabytesPerSecond() * 1e3),
            bytes / (cluster.intraNodeGigabytesPerSecond() * 1e3),
            DISPATCH_START_MICROS + COMBINE_START_MICROS));
  }

  private static boolean isMeasuredIn(ExpertTimeTable table, Packaging packaging) {
    int bits = table.precision().equals(Products.E4M3.id()) ? 8 : 16;
    return table.precision().equals(packaging.products().id()) && bits == packaging.weightBits();
  }

  private static RooflineWork roofline(ModelSpec model, ClusterSpec cluster, Packaging packaging) {
    double operations = 2.0 * model.expertWeights();
    return new RooflineWork(
        operations / (cluster.gpuTeraflops() * packaging.products().rate() * 1e6),
        packaging.bytes(model.expertWeights()) / (cluster.gpuMemoryGigabytesPerSecond() * 1e3));
  }
}
