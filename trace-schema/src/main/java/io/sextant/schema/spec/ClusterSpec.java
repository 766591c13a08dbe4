package io.sextant.schema.spec;

import java.util.List;
import java.util.Optional;

/**
 * The machines an expert-parallel group runs on ({@code conf/clusters/<name>.yaml}).
 *
 * @param name the name used on the command line
 * @param nodes machines joined by the slow links
 * @param gpusPerNode GPUs joined by the fast links inside one machine
 * @param gpu the kind of GPU, for example {@code H200}
 * @param gpuTeraflops dense BF16 matrix rate of one GPU that large products reach
 * @param gpuMemoryGigabytesPerSecond memory rate of one GPU that a copy reaches
 * @param intraNodeGigabytesPerSecond one way, per GPU, inside a node (NVLink)
 * @param interNodeGigabytesPerSecond one way, per node, between nodes (all network ports together)
 * @param nodeCost price of sending one token from the row's node to the column's, shape [nodes x
 *     nodes], 1 for a link of the given rate, zero on the diagonal; empty where links are alike
 * @param gpuSpeed speed of each GPU, shape [gpus], 1 for one of the given rates; empty where GPUs
 *     are alike
 * @param expertTimes what experts of some shapes were measured to take on one of the GPUs; may be
 *     empty
 */
public record ClusterSpec(
    String name,
    int nodes,
    int gpusPerNode,
    String gpu,
    double gpuTeraflops,
    double gpuMemoryGigabytesPerSecond,
    double intraNodeGigabytesPerSecond,
    double interNodeGigabytesPerSecond,
    Optional<List<List<Double>>> nodeCost,
    Optional<List<Double>> gpuSpeed,
    List<ExpertTimeTable> expertTimes) {

  /** All GPUs of the group: the expert-parallel size. */
  public int gpus() {
    return nodes * gpusPerNode;
  }
}
