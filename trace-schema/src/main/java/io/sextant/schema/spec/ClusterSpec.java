package io.sextant.schema.spec;

/**
 * The machines an expert-parallel group runs on ({@code conf/clusters/<name>.yaml}).
 *
 * @param name the name used on the command line
 * @param nodes machines joined by the slow links
 * @param gpusPerNode GPUs joined by the fast links inside one machine
 * @param gpu the kind of GPU, for example {@code H200}
 * @param intraNodeGigabytesPerSecond one way, per GPU, inside a node (NVLink)
 * @param interNodeGigabytesPerSecond one way, per node, between nodes (all network ports together)
 */
public record ClusterSpec(
    String name,
    int nodes,
    int gpusPerNode,
    String gpu,
    double intraNodeGigabytesPerSecond,
    double interNodeGigabytesPerSecond) {

  /** All GPUs of the group: the expert-parallel size. */
  public int gpus() {
    return nodes * gpusPerNode;
  }
}
