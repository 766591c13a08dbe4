package io.sextant.schema.spec;

import java.util.List;
import java.util.Optional;

/**
 * The machines that an expert-parallel group runs on ({@code conf/clusters/<name>.yaml}). A node is
 * what the fast links join: a machine, or several machines in one NVLink domain, such as the 18 of
 * a GB200 NVL72.
 *
 * @param name the name used on the command line
 * @param nodes number of nodes, joined by the slow links
 * @param gpusPerNode number of GPUs in one node, joined by the fast links
 * @param machinesPerNode number of machines in one node
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
 * @param sourceNodes node of each data-parallel rank of the recorded deployment, by rank; empty if
 *     the ranks are GPUs or share the nodes evenly
 * @param expertTimes measured times of experts of some shapes on one of the GPUs; may be empty
 */
public record ClusterSpec(
    String name,
    int nodes,
    int gpusPerNode,
    int machinesPerNode,
    String gpu,
    double gpuTeraflops,
    double gpuMemoryGigabytesPerSecond,
    double intraNodeGigabytesPerSecond,
    double interNodeGigabytesPerSecond,
    Optional<List<List<Double>>> nodeCost,
    Optional<List<Double>> gpuSpeed,
    Optional<List<Integer>> sourceNodes,
    List<ExpertTimeTable> expertTimes) {

  /** The shape in words: {@code "4 nodes of 8 H200"}. */
  public String shape() {
    String text =
        "%d %s of %d %s".formatted(nodes, nodes == 1 ? "node" : "nodes", gpusPerNode, gpu);
    return machinesPerNode == 1
        ? text
        : "%s (a node is one domain of fast links over %d machines of %d)"
            .formatted(text, machinesPerNode, gpusPerNode / machinesPerNode);
  }

  /** Number of GPUs in the group: the expert-parallel size. */
  public int gpus() {
    return nodes * gpusPerNode;
  }
}
