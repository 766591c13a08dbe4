package io.sextant.jobs.serving;

import io.sextant.schema.spec.ClusterSpec;

/**
 * GPUs of one kind that serve a model together.
 *
 * @param name the name in messages
 * @param kind the kind of GPU, as in {@code conf/gpus}
 * @param gpus number of GPUs
 * @param gpusPerNode number of GPUs of a node of this kind, of which a small group uses a part
 */
public record GpuGroup(String name, String kind, int gpus, int gpusPerNode) {
  /** All GPUs of a cluster. */
  public static GpuGroup of(ClusterSpec cluster) {
    return new GpuGroup(cluster.name(), cluster.gpu(), cluster.gpus(), cluster.gpusPerNode());
  }

  /** Number of GPUs of the group on each of its nodes. */
  int gpusOfNode() {
    return Math.min(gpus, gpusPerNode);
  }
}
