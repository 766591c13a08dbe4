package io.sextant.jobs.window;

import io.sextant.placement.problem.ReplicaChoice;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ClusterSpec;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The GPU on which a request runs, derived from the data-parallel rank that served it, which traces
 * name. If traces do not say which GPU of a node it was, a hash of the request's id decides.
 *
 * @param rule how a rank leads to a node
 * @param ranks number of data-parallel ranks of the recorded deployment
 * @param nodes number of nodes of the cluster that is planned for
 * @param gpusPerNode number of GPUs of a node
 * @param nodeOfRank node of each rank, shape [ranks]; empty if the rule is {@link Rule#SPREAD}
 */
public record SourceNodes(
    Rule rule, int ranks, int nodes, int gpusPerNode, List<Integer> nodeOfRank)
    implements Serializable {

  /** How a rank leads to a node. */
  public enum Rule {
    /** The cluster's description lists the node of each rank. */
    LISTED,
    /** Each rank is the GPU of the same number. */
    GPUS,
    /** Consecutive ranks share a node, with the same number of ranks per node. */
    EVEN,
    /** The traces name one rank for several nodes: a hash of the request's id decides. */
    SPREAD
  }

  public SourceNodes {
    nodeOfRank = List.copyOf(nodeOfRank);
  }

  /**
   * The mapping for traces of some ranks.
   *
   * @param ranks number of ranks that the traces name: the highest plus one
   * @throws InvalidInputException if the cluster's description lists no node for a rank and the
   *     ranks are not GPUs, or there are more ranks than GPUs
   */
  public static SourceNodes of(ClusterSpec cluster, int ranks) {
    int nodes = cluster.nodes();
    int perNode = cluster.gpusPerNode();
    List<Integer> listed = cluster.sourceNodes().orElse(List.of());
    if (!listed.isEmpty() && ranks <= listed.size()) {
      return new SourceNodes(Rule.LISTED, listed.size(), nodes, perNode, listed);
    }
    if (ranks <= 1) {
      return nodes == 1 ? even(1, nodes, perNode) : spread(nodes, perNode);
    }
    int deployed = deployed(ranks, nodes, perNode);
    if (deployed == cluster.gpus()) {
      return new SourceNodes(
          Rule.GPUS,
          deployed,
          nodes,
          perNode,
          IntStream.range(0, deployed).map(rank -> rank / perNode).boxed().toList());
    }
    if (deployed == 0 || !listed.isEmpty()) {
      throw InvalidInputException.of(
          "cluster " + cluster.name(),
          "the traces name %d source ranks, %s"
              .formatted(
                  ranks,
                  listed.isEmpty()
                      ? "the cluster has %d GPUs".formatted(cluster.gpus())
                      : "source_nodes lists %d".formatted(listed.size())),
          "Write 'source_nodes: [...]' with the node of each rank, 0 to %d, into its description"
              .formatted(nodes - 1));
    }
    return even(deployed, nodes, perNode);
  }

  /** The least number of ranks that uses all nodes and GPUs alike; 0 if there is none. */
  private static int deployed(int ranks, int nodes, int perNode) {
    return IntStream.rangeClosed(1, perNode)
        .filter(perRank -> perNode % perRank == 0)
        .map(ranksPerNode -> ranksPerNode * nodes)
        .filter(fitting -> fitting >= ranks)
        .findFirst()
        .orElse(0);
  }

  private static SourceNodes even(int ranks, int nodes, int perNode) {
    return new SourceNodes(
        Rule.EVEN,
        ranks,
        nodes,
        perNode,
        IntStream.range(0, ranks).map(rank -> rank * nodes / ranks).boxed().toList());
  }

  private static SourceNodes spread(int nodes, int perNode) {
    return new SourceNodes(Rule.SPREAD, 1, nodes, perNode, List.of());
  }

  /** The mapping in one sentence. */
  public String text() {
    return switch (rule) {
      case LISTED ->
          "source ranks 0 to %d run on nodes %s, as the cluster's source_nodes say"
              .formatted(ranks - 1, nodeOfRank);
      case GPUS -> "each of %d source ranks is the GPU of its number".formatted(ranks);
      case EVEN ->
          String.format(
              Locale.ROOT,
              "%d source ranks share %d nodes evenly; source_nodes in the cluster's file says otherwise",
              ranks,
              nodes);
      case SPREAD ->
          "the traces name one source rank: requests are spread evenly over %d nodes"
              .formatted(nodes);
    };
  }

  /**
   * The node on which a request ran.
   *
   * @throws UnknownRankException if the rank is not one of the deployment's
   */
  public int nodeOf(int sourceRank, long requestId) {
    if (sourceRank < 0 || sourceRank >= ranks) {
      throw new UnknownRankException(sourceRank, ranks);
    }
    return rule == Rule.SPREAD
        ? ReplicaChoice.hash(requestId, 1) % nodes
        : nodeOfRank.get(sourceRank);
  }

  /** The GPU on which a request ran, counted within its node. */
  public int localGpuOf(int sourceRank, long requestId) {
    return rule == Rule.GPUS
        ? sourceRank % gpusPerNode
        : ReplicaChoice.hash(requestId, 0) % gpusPerNode;
  }

  /** The GPU on which a request ran, over all nodes. */
  public int gpuOf(int sourceRank, long requestId) {
    return nodeOf(sourceRank, requestId) * gpusPerNode + localGpuOf(sourceRank, requestId);
  }
}
