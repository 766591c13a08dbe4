package io.sextant.jobs.group;

import io.sextant.jobs.serving.LayerShape;
import io.sextant.jobs.window.LayerTrace;
import io.sextant.jobs.window.Pool;
import io.sextant.jobs.window.RoutingRow;
import io.sextant.placement.grouping.CostsByKey;
import io.sextant.placement.grouping.RouteCost;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.schema.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.storage.StorageLevel;

/**
 * The layers of some requests, gathered into arrays and kept on the executors until closed. Only
 * placements and costs by request and node are sent to the driver.
 */
final class GatheredLayers implements AutoCloseable {
  /** Maximum number of signature values that are sent to the driver, over all layers. */
  private static final int MAX_SIGNATURE_VALUES = 4_000_000;

  private final LayerShape shape;
  private final JavaRDD<LayerTrace> layers;
  private final Requests requests;

  /**
   * @param rows rows with prompts, sorted by {@link io.sextant.jobs.window.PlanningSample#inOrder}
   * @throws InvalidInputException if the layers do not hold the same requests
   */
  GatheredLayers(LayerShape shape, Dataset<RoutingRow> rows) {
    this.shape = shape;
    this.layers =
        rows.javaRDD()
            .mapPartitions(layer -> LayerTrace.gather(layer, shape.model(), shape.sources()))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      this.requests = sameRequests();
    } catch (RuntimeException e) {
      layers.unpersist();
      throw e;
    }
  }

  private Requests sameRequests() {
    int first = shape.model().moeLayers().get(0);
    Pool pool = shape.pool();
    List<Long> hashes = layers.map(GatheredLayers::idHash).distinct().collect();
    List<Requests> found =
        layers
            .filter(trace -> trace.layer() == first)
            .map(
                trace ->
                    new Requests(
                        trace.layer(),
                        trace.keys(),
                        trace.requests().start(),
                        trace.requests().prefill(),
                        pool))
            .collect();
    int count = shape.model().moeLayers().size();
    if (hashes.size() != 1 || found.size() != 1 || layers.count() != count) {
      throw InvalidInputException.of(
          "traces of the window",
          "the layers do not hold the same requests",
          "Ingest traces of every MoE layer, or solve without --group");
    }
    return found.get(0);
  }

  private static long idHash(LayerTrace trace) {
    return Arrays.hashCode(trace.keys());
  }

  Requests requests() {
    return requests;
  }

  /** The signatures of the requests in each layer, in the order of the layers. */
  List<LayerSignatures> signatures() {
    int values = shape.model().moeLayers().size() * shape.model().experts();
    int sample =
        Math.min(
            requests.count(), Math.max(64 * shape.layout().nodes(), MAX_SIGNATURE_VALUES / values));
    List<LayerSignatures> signatures =
        new ArrayList<>(layers.map(trace -> LayerSignatures.of(trace, sample)).collect());
    signatures.sort(Comparator.comparingInt(LayerSignatures::layer));
    return signatures;
  }

  /** Distance of each request from each group's centre; shape [requests x nodes]. */
  int[] distances(double[][] information, double[][][] centres) {
    List<Integer> order = shape.model().moeLayers();
    int values = requests.count() * shape.layout().nodes();
    return layers
        .map(
            trace -> {
              int[] cost = new int[values];
              int layer = order.indexOf(trace.layer());
              trace.requests().addDistances(information[layer], centres[layer], cost);
              return cost;
            })
        .reduce(GatheredLayers::plus);
  }

  /** Cost of each request's first rows, over all layers; shape [requests x nodes]. */
  int[] costs(int[][] nodesOfExpert) {
    return costs(nodesOfExpert, null).exact();
  }

  /**
   * What requests cost, and what a router that learned from all other requests expects.
   *
   * @param keys the keys by which it learned, broadcast; null if it knows the exact costs
   */
  RoundCosts costs(int[][] nodesOfExpert, Broadcast<RowKeys> keys) {
    LayerShape of = shape;
    int nodes = of.layout().nodes();
    int values = requests.count() * nodes;
    return layers
        .map(
            trace -> {
              RouteCost cost = routeCost(of, nodesOfExpert, trace.layer());
              RoundCosts sums =
                  new RoundCosts(new int[values], new long[keys == null ? 0 : values]);
              trace.requests().addCosts(cost, nodes, sums.exact());
              if (keys != null) {
                RowKeys by = keys.value();
                trace
                    .requests()
                    .addLearnedCosts(cost, nodes, by.ofRow(), by.keys(), sums.learned());
              }
              return sums;
            })
        .reduce(RoundCosts::plus);
  }

  /** Learns the costs of keys from the prompts of all requests, over all layers. */
  CostsByKey learn(int[][] nodesOfExpert, RowKeys keys) {
    LayerShape of = shape;
    int nodes = of.layout().nodes();
    Broadcast<RowKeys> by = broadcast(keys);
    try {
      return layers
          .map(
              trace ->
                  CostsByKey.of(
                      trace.requests(),
                      routeCost(of, nodesOfExpert, trace.layer()),
                      by.value().ofRow(),
                      by.value().keys(),
                      nodes))
          .reduce(CostsByKey::plus);
    } finally {
      by.destroy();
    }
  }

  private static RouteCost routeCost(LayerShape of, int[][] nodesOfExpert, int layer) {
    return new RouteCost(
        of.layout().nodes(),
        nodesOfExpert[of.model().moeLayers().indexOf(layer)],
        of.profile().copyRule(),
        of.transport());
  }

  /** Sends keys to the executors once. */
  Broadcast<RowKeys> broadcast(RowKeys keys) {
    return JavaSparkContext.fromSparkContext(layers.context()).broadcast(keys);
  }

  private static int[] plus(int[] sum, int[] more) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += more[i];
    }
    return sum;
  }

  /**
   * Places each layer's experts for the groups of a round.
   *
   * @return shape [layers][slots]
   */
  int[][] place(Round before, LayerPlacer placer) {
    LayerShape of = shape;
    byte[] nodeOf = before.nodeOf();
    int[][] from = before.slots();
    List<Integer> order = of.model().moeLayers();
    List<LayerSlots> placed =
        new ArrayList<>(
            layers
                .map(
                    trace ->
                        new LayerSlots(
                            trace.layer(),
                            placer.slots(
                                of.problem(of.layout(), onNodes(of.pool(), trace, nodeOf)),
                                trace.layer(),
                                from == null ? null : from[order.indexOf(trace.layer())])))
                .collect());
    placed.sort(Comparator.comparingInt(LayerSlots::layer));
    return placed.stream().map(LayerSlots::slots).toArray(int[][]::new);
  }

  /** The rows that run on the nodes of their requests. */
  private static LayerTokens onNodes(Pool pool, LayerTrace trace, byte[] nodeOf) {
    return pool == Pool.DECODE
        ? trace.requests().decodeTokens(nodeOf)
        : trace.requests().tokens(nodeOf);
  }

  @Override
  public void close() {
    layers.unpersist();
  }
}
