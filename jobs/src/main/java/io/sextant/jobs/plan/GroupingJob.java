package io.sextant.jobs.plan;

import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.window.LayerTrace;
import io.sextant.jobs.window.PlanningSample;
import io.sextant.jobs.window.RoutingRow;
import io.sextant.jobs.window.SourceNodes;
import io.sextant.placement.anneal.AnnealingStage;
import io.sextant.placement.grouping.BalancedRouter;
import io.sextant.placement.grouping.RouteCost;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.solve.LayerSolver;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.placement.RouterTable;
import io.sextant.schema.spec.ModelSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.storage.StorageLevel;

/**
 * Plans a placement and the groups of requests together: groups first by what prompts look like,
 * then in turn experts are placed for the groups and each request goes where its prefill rows cost
 * least, as the router will send it in service; all the while the placement is annealed. Layers are
 * Spark tasks; only costs by request and node come to the driver.
 */
final class GroupingJob {
  /**
   * Clusterings to start from: where the annealing ends depends on it (docs/evidence/grouping.md).
   */
  private static final int STARTS = 4;

  /** Rounds that each start gets, and the part of the work that a plan of theirs may take. */
  private static final int START_ROUNDS = 2;

  private static final int START_LIGHTER = 8;

  /**
   * Then one annealing of all slots, between whose stages requests are routed anew: hot enough to
   * part what the first groups joined, and so cool at the end that groups no longer change
   * (docs/evidence/grouping.md).
   */
  private static final List<AnnealingStage> STAGES = AnnealingStage.cooling(8, 3e-3, 2.5e-4);

  /** The part of the annealing's steps that a stage has, and of the sample. */
  private static final int STAGE_LIGHTER = 8;

  private static final int STAGE_COARSER = 2;

  private static final AnnealingStage LAST = new AnnealingStage(2.5e-4, 3e-5);
  private static final int LAST_LIGHTER = 2;

  /** Numbers of signatures that come to the driver at most, over all layers. */
  private static final int MOST_SIGNATURE_VALUES = 4_000_000;

  private final ModelSpec model;
  private final SlotLayout layout;
  private final SourceNodes sources;
  private final SolverSettings settings;
  private final int microBatchTokens;
  private final Progress progress;

  GroupingJob(
      ModelSpec model,
      SlotLayout layout,
      SourceNodes sources,
      SolverSettings settings,
      int microBatchTokens,
      Progress progress) {
    this.model = model;
    this.layout = layout;
    this.sources = sources;
    this.settings = settings;
    this.microBatchTokens = microBatchTokens;
    this.progress = progress;
  }

  /** The placement and what a router needs to keep to its groups. */
  record Grouped(PlacementMap map, RouterTable router) {}

  /** What is the same of the requests in every layer. */
  private record Requests(int layer, long[] ids, int[] start, int[] prefill)
      implements Serializable {

    int count() {
      return ids.length;
    }

    int rows(int request) {
      return start[request + 1] - start[request];
    }
  }

  private record LayerSlots(int layer, int[] slots) implements Serializable {}

  /**
   * What a layer tells of requests.
   *
   * @param information shape [experts]: how much each expert tells them apart
   * @param signatures shape [sample][experts]
   */
  private record LayerSignatures(int layer, double[] information, double[][] signatures)
      implements Serializable {}

  /**
   * @throws InvalidInputException where the layers do not hold the same requests
   */
  Grouped run(PlanningSample sample) {
    JavaRDD<LayerTrace> layers = gathered(sample.rows());
    try {
      return run(layers);
    } finally {
      layers.unpersist();
    }
  }

  /**
   * Where a router sends the requests of some rows.
   *
   * @param rows as {@link PlanningSample#inOrder} sorts them
   * @return the node of each request id
   */
  Map<Long, Integer> routes(Dataset<RoutingRow> rows, RouterTable table) {
    JavaRDD<LayerTrace> layers = gathered(rows);
    try {
      Requests requests = requests(layers);
      int[] cost = prefillCosts(layers, table.nodesOfExpert(), requests.count());
      byte[] nodeOf = route(cost, requests, new BalancedRouter(table.prices()));
      Map<Long, Integer> routes = new LinkedHashMap<>();
      for (int r = 0; r < nodeOf.length; r++) {
        routes.put(requests.ids()[r], (int) nodeOf[r]);
      }
      return routes;
    } finally {
      layers.unpersist();
    }
  }

  private JavaRDD<LayerTrace> gathered(Dataset<RoutingRow> rows) {
    ModelSpec shape = model;
    SourceNodes served = sources;
    return rows.javaRDD()
        .mapPartitions(layer -> LayerTrace.gather(layer, shape, served))
        .persist(StorageLevel.MEMORY_AND_DISK());
  }

  private Grouped run(JavaRDD<LayerTrace> layers) {
    Requests requests = requests(layers);
    Round round = bestStart(layers, requests);
    SolverSettings coarse = settings.lighter(STAGE_LIGHTER).coarser(STAGE_COARSER);
    for (int i = 0; i < STAGES.size(); i++) {
      int number = i + 1;
      AnnealingStage stage = STAGES.get(i);
      round =
          next(
              layers,
              requests,
              round,
              (problem, layer, from) ->
                  LayerSolver.anneal(problem, seeded(coarse, layer, number), from, stage));
      progress.say(
          "grouping stage %d of %d: %.4f remote nodes a prefill token",
          number, STAGES.size(), round.cost());
    }
    SolverSettings settled = settings.lighter(LAST_LIGHTER);
    Round last =
        next(
            layers,
            requests,
            round,
            (problem, layer, from) ->
                LayerSolver.settle(problem, seeded(settled, layer, 0), from, LAST));
    progress.say("grouping: %.4f remote nodes a prefill token, settled", last.cost());
    return new Grouped(
        new PlacementMap(model.name(), model.experts(), model.moeLayers(), last.slots()),
        new RouterTable(
            model.name(),
            layout.nodes(),
            BalancedRouter.WINDOW,
            BalancedRouter.TOLERANCE,
            last.prices(),
            model.moeLayers(),
            last.nodesOfExpert()));
  }

  private static SolverSettings seeded(SolverSettings settings, int layer, int round) {
    return settings.withSeed((settings.seed() * 31 + layer) * 31 + round);
  }

  /** How a round places a layer's experts; {@code from} is null in the first. */
  private interface LayerPlan extends Serializable {
    int[] slots(LayerProblem problem, int layer, int[] from);
  }

  /**
   * Where a round ended.
   *
   * @param slots shape [layers][slots]: experts placed for the groups before
   * @param nodesOfExpert shape [layers][experts]: the nodes of each, as bits
   * @param nodeOf shape [requests]: the groups that this placement makes
   * @param prices shape [nodes]: they outlast a round, what a node is worth changes little
   * @param cost remote nodes a prefill token
   */
  private record Round(
      int[][] slots, int[][] nodesOfExpert, byte[] nodeOf, double[] prices, double cost) {}

  /** A few light rounds from several clusterings; that with the least traffic goes on. */
  private Round bestStart(JavaRDD<LayerTrace> layers, Requests requests) {
    List<LayerSignatures> ofLayers = signatures(layers, requests);
    double[][] information =
        ofLayers.stream().map(LayerSignatures::information).toArray(double[][]::new);
    double[][][] signatures =
        ofLayers.stream().map(LayerSignatures::signatures).toArray(double[][][]::new);
    SolverSettings light = settings.lighter(START_LIGHTER);
    Round best = null;
    for (int start = 0; start < STARTS; start++) {
      int[] distances =
          distances(
              layers,
              requests,
              information,
              SignatureClusters.centres(signatures, layout.nodes(), settings.seed() + start));
      Round round =
          new Round(
              null,
              null,
              route(distances, requests, BalancedRouter.fresh(layout.nodes())),
              new double[layout.nodes()],
              Double.POSITIVE_INFINITY);
      for (int i = 0; i < START_ROUNDS; i++) {
        round =
            next(
                layers,
                requests,
                round,
                (problem, layer, from) -> LayerSolver.solve(problem, seeded(light, layer, 0)));
      }
      progress.say(
          "grouping start %d of %d: %.4f remote nodes a prefill token",
          start + 1, STARTS, round.cost());
      best = best == null || round.cost() < best.cost() ? round : best;
    }
    return best;
  }

  /** Places experts for the groups, then routes every request anew. */
  private Round next(JavaRDD<LayerTrace> layers, Requests requests, Round before, LayerPlan plan) {
    int[][] slots = place(layers, before, plan);
    int[][] nodesOfExpert =
        Arrays.stream(slots)
            .map(layer -> RouteCost.nodesOf(layout, layer, model.experts()))
            .toArray(int[][]::new);
    int[] cost = prefillCosts(layers, nodesOfExpert, requests.count());
    BalancedRouter router = new BalancedRouter(before.prices());
    byte[] nodeOf = route(cost, requests, router);
    return new Round(
        slots, nodesOfExpert, nodeOf, router.prices(), meanCost(cost, nodeOf, requests));
  }

  private Requests requests(JavaRDD<LayerTrace> layers) {
    int first = model.moeLayers().get(0);
    List<Long> hashes = layers.map(GroupingJob::idHash).distinct().collect();
    List<Requests> found =
        layers
            .filter(trace -> trace.layer() == first)
            .map(
                trace ->
                    new Requests(
                        trace.layer(),
                        trace.requestIds(),
                        trace.requests().start(),
                        trace.requests().prefill()))
            .collect();
    if (hashes.size() != 1 || found.size() != 1 || layers.count() != model.moeLayers().size()) {
      throw InvalidInputException.of(
          "traces of the window",
          "the layers do not hold the same requests",
          "Ingest traces of every MoE layer, or solve without --group");
    }
    return found.get(0);
  }

  private static long idHash(LayerTrace trace) {
    return Arrays.hashCode(trace.requestIds());
  }

  /** In the order of the layers. */
  private List<LayerSignatures> signatures(JavaRDD<LayerTrace> layers, Requests requests) {
    int sample =
        Math.min(
            requests.count(),
            Math.max(
                64 * layout.nodes(),
                MOST_SIGNATURE_VALUES / (model.moeLayers().size() * model.experts())));
    List<LayerSignatures> signatures =
        new ArrayList<>(layers.map(trace -> signatures(trace, sample)).collect());
    signatures.sort(Comparator.comparingInt(LayerSignatures::layer));
    return signatures;
  }

  /** Shape [requests x nodes]: how far each request is from each group's centre. */
  private int[] distances(
      JavaRDD<LayerTrace> layers, Requests requests, double[][] information, double[][][] centres) {
    List<Integer> order = model.moeLayers();
    int count = requests.count();
    int nodes = layout.nodes();
    return layers
        .map(
            trace -> {
              int[] cost = new int[count * nodes];
              int layer = order.indexOf(trace.layer());
              trace.requests().addDistances(information[layer], centres[layer], cost);
              return cost;
            })
        .reduce(GroupingJob::plus);
  }

  private static LayerSignatures signatures(LayerTrace trace, int sample) {
    double[] information = trace.requests().information();
    double[][] signatures = new double[sample][information.length];
    for (int i = 0; i < sample; i++) {
      int request = (int) ((long) i * trace.requests().requests() / sample);
      trace.requests().signature(request, information, signatures[i]);
    }
    return new LayerSignatures(trace.layer(), information, signatures);
  }

  private int[][] place(JavaRDD<LayerTrace> layers, Round before, LayerPlan plan) {
    SlotLayout shape = layout;
    int batch = microBatchTokens;
    byte[] nodeOf = before.nodeOf();
    int[][] from = before.slots();
    List<Integer> order = model.moeLayers();
    List<LayerSlots> placed =
        new ArrayList<>(
            layers
                .map(
                    trace ->
                        new LayerSlots(
                            trace.layer(),
                            plan.slots(
                                new LayerProblem(shape, trace.requests().tokens(nodeOf), batch),
                                trace.layer(),
                                from == null ? null : from[order.indexOf(trace.layer())])))
                .collect());
    placed.sort(Comparator.comparingInt(LayerSlots::layer));
    return placed.stream().map(LayerSlots::slots).toArray(int[][]::new);
  }

  private int[] prefillCosts(JavaRDD<LayerTrace> layers, int[][] nodesOfExpert, int requests) {
    List<Integer> order = model.moeLayers();
    int nodes = layout.nodes();
    return layers
        .map(
            trace -> {
              int[] cost = new int[requests * nodes];
              int[] masks = nodesOfExpert[order.indexOf(trace.layer())];
              trace.requests().addPrefillCosts(new RouteCost(nodes, masks), nodes, cost);
              return cost;
            })
        .reduce(GroupingJob::plus);
  }

  private static int[] plus(int[] sum, int[] more) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += more[i];
    }
    return sum;
  }

  private byte[] route(int[] cost, Requests requests, BalancedRouter router) {
    byte[] nodeOf = new byte[requests.count()];
    for (int r = 0; r < nodeOf.length; r++) {
      int prefill = requests.prefill()[r];
      nodeOf[r] =
          (byte)
              router.route(cost, r * layout.nodes(), prefill * model.moeLayers().size(), prefill);
      router.finished(requests.rows(r));
    }
    return nodeOf;
  }

  private double meanCost(int[] cost, byte[] nodeOf, Requests requests) {
    long sum = 0;
    long rows = 0;
    for (int r = 0; r < nodeOf.length; r++) {
      sum += cost[r * layout.nodes() + nodeOf[r]];
      rows += requests.prefill()[r];
    }
    return sum / (double) (rows * model.moeLayers().size());
  }
}
