package io.sextant.schema.spec;

import java.util.List;
import java.util.Optional;

/**
 * The machines that an expert-parallel group runs on ({@code conf/clusters/<name>.yaml}).
 *
 * @param name the name used on the command line
 * @param nodes number of machines, joined by the slow links
 * @param gpusPerNode number of GPUs in one machine, joined by the fast links
 * @param gpu the kind of GPU, for example {@code H200}
 * @param gpuTeraflops dense BF16 matrix rate that large products reach on one GPU
 * @param gpuMemoryGigabytesPerSecond memory rate that a copy reaches on one GPU
 * @param intraNodeGigabytesPerSecond rate inside a node, one way, per GPU (NVLink)
 * @param interNodeGigabytesPerSecond rate between nodes, one way, per node (all network ports
 *     together)
 * @param nodeCost price of sending one token from the row's node to the column's, shape [nodes x
 *     nodes], 1 for a link of the given rate, zero on the diagonal; empty if all links are equal
 * @param gpuSpeed speed of each GPU, shape [gpus], 1 for a GPU of the given rates; empty if all
 *     GPUs are equal
 * @param expertTimes measured times of experts of some shapes on one of the GPUs; may be empty
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

  /** Number of GPUs in the group: the expert-parallel size. */
  public int gpus() {
    return nodes * gpusPerNode;
  }
}
