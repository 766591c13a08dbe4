package io.sextant.jobs.window;

import io.sextant.placement.problem.ReplicaChoice;
import io.sextant.schema.InvalidInputException;
import java.io.Serializable;

/**
 * The GPU on which a request runs. Its node is derived from the data-parallel rank that served it:
 * consecutive ranks share a node, with the same number of ranks per node. Traces do not say which
 * GPU of a node it was, so a hash of the request's id decides.
 *
 * @param sourceRanks data-parallel ranks of the recorded deployment
 * @param nodes number of nodes of the cluster that is planned for
 * @param gpusPerNode number of GPUs of a node
 */
public record SourceNodes(int sourceRanks, int nodes, int gpusPerNode) implements Serializable {

  /** The recorded deployments had eight data-parallel ranks. */
  public static final int DEFAULT_SOURCE_RANKS = 8;

  public SourceNodes {
    if (sourceRanks < nodes) {
      throw InvalidInputException.of(
          "--source-ranks " + sourceRanks,
          "fewer data-parallel ranks than the cluster's %d nodes".formatted(nodes),
          "Give the number of ranks that served the traces, at least one per node");
    }
  }

  /**
   * @throws InvalidInputException if the rank is not one of the deployment's
   */
  public int nodeOf(int sourceRank) {
    if (sourceRank < 0 || sourceRank >= sourceRanks) {
      throw InvalidInputException.of(
          "traces: source_rank " + sourceRank,
          "the deployment has ranks 0 to " + (sourceRanks - 1),
          "Give the number of data-parallel ranks with --source-ranks");
    }
    return (int) ((long) sourceRank * nodes / sourceRanks);
  }

  /** The GPU on which a request runs, counted within its node: by {@link ReplicaChoice#hash}. */
  public int localGpuOf(long requestId) {
    return ReplicaChoice.hash(requestId, 0) % gpusPerNode;
  }

  /** The GPU of a request that runs on a node, over all nodes. */
  public int gpuOf(int node, long requestId) {
    return node * gpusPerNode + localGpuOf(requestId);
  }
}
