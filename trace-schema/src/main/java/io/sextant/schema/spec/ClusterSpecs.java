package io.sextant.schema.spec;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The clusters of {@code conf/clusters}. */
public final class ClusterSpecs {
  private static final ConfFolder FOLDER = new ConfFolder("clusters", "cluster", "4x8-h100");

  private static final String DOMAIN = "nodes_per_domain";
  private static final String SOURCES = "source_nodes";
  private static final int MOST_NODES = 100_000;
  private static final int MOST_GPUS_PER_NODE = 1_024;
  private static final double FASTEST_LINK = 1e6;
  private static final double FASTEST_GPU = 1e5;
  private static final double DEAREST_LINK = 1e6;
  private static final double FASTEST = 1e3;
  private static final int LARGEST = 10_000_000;
  private static final double LONGEST = 1e9;
  private static final Set<String> PRECISIONS = Set.of("bf16", "e4m3");

  private ClusterSpecs() {}

  /**
   * Loads a cluster.
   *
   * @param nameOrPath a name or path as for {@link ModelSpecs#load}, with the folder {@code
   *     clusters}
   * @throws io.sextant.schema.InvalidInputException naming the file and field, if there is no such
   *     cluster or a field is missing, unknown or invalid
   */
  public static ClusterSpec load(String nameOrPath) {
    return parse(FOLDER.open(nameOrPath));
  }

  /**
   * Reads a description that is not in a file yet.
   *
   * @param where the name of the description in messages
   * @param yaml the text, as in a file of {@code conf/clusters}
   * @throws io.sextant.schema.InvalidInputException as {@link #load} does
   */
  public static ClusterSpec parse(String where, String yaml) {
    return parse(YamlFields.parse(where, yaml.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * The file that {@link #load} reads.
   *
   * @throws io.sextant.schema.InvalidInputException if there is no such cluster
   */
  public static DescriptionFile file(String nameOrPath) {
    return FOLDER.file(nameOrPath);
  }

  /**
   * The text that {@link #load} reads, with its comments.
   *
   * @throws io.sextant.schema.InvalidInputException if there is no such cluster
   */
  public static String text(String nameOrPath) {
    return FOLDER.text(nameOrPath);
  }

  /** Whether a description of this name is part of the program. */
  public static boolean isBuiltIn(String name) {
    return FOLDER.isBuiltIn(name);
  }

  /** The names that {@link #load} knows, sorted. */
  public static List<String> names() {
    return FOLDER.names();
  }

  private static ClusterSpec parse(YamlFields fields) {
    int machines = fields.integer("nodes", 1, MOST_NODES);
    int gpusPerMachine = fields.integer("gpus_per_node", 1, MOST_GPUS_PER_NODE);
    int perDomain = fields.has(DOMAIN) ? fields.integer(DOMAIN, 1, machines) : 1;
    if (machines % perDomain != 0) {
      throw fields.wrong(
          DOMAIN,
          "%d nodes are not a whole number of domains of %d".formatted(machines, perDomain),
          "Give a number that divides nodes");
    }
    int nodes = machines / perDomain;
    int gpusPerNode = gpusPerMachine * perDomain;
    YamlNumbers numbers = new YamlNumbers(fields);
    ClusterSpec cluster =
        new ClusterSpec(
            fields.name("name"),
            nodes,
            gpusPerNode,
            perDomain,
            fields.name("gpu"),
            fields.positive("gpu_teraflops", FASTEST_GPU),
            fields.positive("gpu_memory_gigabytes_per_second", FASTEST_LINK),
            fields.positive("intra_node_gigabytes_per_second", FASTEST_LINK),
            perDomain * fields.positive("inter_node_gigabytes_per_second", FASTEST_LINK),
            numbers.optionalCosts("node_cost", nodes, DEAREST_LINK),
            numbers.optionalSpeeds("gpu_speed", nodes * gpusPerNode, FASTEST),
            fields.has(SOURCES)
                ? Optional.of(fields.integers(SOURCES, 0, nodes - 1))
                : Optional.empty(),
            fields.optionalMappings("expert_times").stream()
                .map(ClusterSpecs::expertTimes)
                .toList());
    fields.allowNoOther();
    return cluster;
  }

  private static ExpertTimeTable expertTimes(YamlFields fields) {
    int[] rows = ascending(fields, "rows");
    int[] experts = ascending(fields, "experts");
    ExpertTimeTable table =
        new ExpertTimeTable(
            fields.integer("hidden", 1, LARGEST),
            fields.integer("expert_intermediate", 1, LARGEST),
            fields.oneOf("precision", PRECISIONS),
            rows,
            experts,
            new YamlNumbers(fields).table("micros", experts.length, rows.length, LONGEST));
    fields.allowNoOther();
    return table;
  }

  private static int[] ascending(YamlFields fields, String field) {
    int[] values =
        fields.integers(field, 1, LARGEST).stream().mapToInt(Integer::intValue).toArray();
    for (int i = 1; i < values.length; i++) {
      if (values[i] <= values[i - 1]) {
        throw fields.wrong(
            field, values[i] + " follows " + values[i - 1], "List them in ascending order");
      }
    }
    if (values.length < 2) {
      throw fields.wrong(field, "fewer than two values", "List two or more");
    }
    return values;
  }
}
