package io.sextant.jobs.placement;

import io.sextant.placement.CostModel;
import io.sextant.schema.spec.ClusterSpec;
import io.sextant.schema.spec.ModelSpec;

/** The cost model of a model on a cluster, from the rates in {@code conf/clusters}. */
public final class CostModels {
  private static final int WEIGHT_BYTES = 2;
  private static final int DISPATCH_BYTES = 1;
  private static final int COMBINE_BYTES = 2;

  private CostModels() {}

  /** Weights of one expert as it is served. */
  static long expertBytes(ModelSpec model) {
    return model.expertBytes(WEIGHT_BYTES);
  }

  /**
   * BF16 experts; a hidden state travels there in FP8 and back in BF16, as DeepEP sends it. Three
   * products of hidden x intermediate make 6 operations a weight pair.
   */
  public static CostModel of(ModelSpec model, ClusterSpec cluster) {
    double operations = 6.0 * model.hidden() * model.expertIntermediate();
    double bytes = (double) (DISPATCH_BYTES + COMBINE_BYTES) * model.hidden();
    return new CostModel(
        operations / (cluster.gpuTeraflops() * 1e6),
        expertBytes(model) / (cluster.gpuMemoryGigabytesPerSecond() * 1e3),
        bytes / (cluster.interNodeGigabytesPerSecond() * 1e3));
  }
}
