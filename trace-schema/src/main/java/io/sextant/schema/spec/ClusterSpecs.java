package io.sextant.schema.spec;

import java.util.List;

/** The clusters of {@code conf/clusters}. */
public final class ClusterSpecs {
  private static final ConfFolder FOLDER = new ConfFolder("clusters", "cluster", "4x8-h100");

  private static final int MOST_NODES = 100_000;
  private static final int MOST_GPUS_PER_NODE = 1_024;
  private static final double FASTEST_LINK = 1e6;
  private static final double FASTEST_GPU = 1e5;
  private static final double DEAREST_LINK = 1e6;
  private static final double FASTEST = 1e3;

  private ClusterSpecs() {}

  /**
   * Loads a cluster.
   *
   * @param nameOrPath as {@link ModelSpecs#load} takes it, in the folder {@code clusters}
   * @throws io.sextant.schema.InvalidInputException naming the file and field, where there is no
   *     such cluster or a field is missing, unknown or makes no sense
   */
  public static ClusterSpec load(String nameOrPath) {
    return parse(FOLDER.open(nameOrPath));
  }

  /** The names {@link #load} knows, sorted. */
  public static List<String> names() {
    return FOLDER.names();
  }

  private static ClusterSpec parse(YamlFields fields) {
    int nodes = fields.integer("nodes", 1, MOST_NODES);
    int gpusPerNode = fields.integer("gpus_per_node", 1, MOST_GPUS_PER_NODE);
    ClusterSpec cluster =
        new ClusterSpec(
            fields.name("name"),
            nodes,
            gpusPerNode,
            fields.name("gpu"),
            fields.positive("gpu_teraflops", FASTEST_GPU),
            fields.positive("gpu_memory_gigabytes_per_second", FASTEST_LINK),
            fields.positive("intra_node_gigabytes_per_second", FASTEST_LINK),
            fields.positive("inter_node_gigabytes_per_second", FASTEST_LINK),
            fields.optionalCosts("node_cost", nodes, DEAREST_LINK),
            fields.optionalSpeeds("gpu_speed", nodes * gpusPerNode, FASTEST));
    fields.allowNoOther();
    return cluster;
  }
}
