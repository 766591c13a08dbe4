package io.sextant.jobs.placement;

import static org.apache.spark.sql.functions.col;

import io.sextant.placement.LayerProblem;
import io.sextant.placement.LayerTokens;
import io.sextant.placement.SlotLayout;
import io.sextant.placement.SolverSettings;
import io.sextant.placement.migration.LayerOption;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.spec.ModelSpec;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Plans every MoE layer on the traces of a window, a Spark task a layer. A layer's task receives a
 * sample of whole requests in arrival order, so that the answer does not depend on how the table is
 * cut into files or on how many cores there are.
 */
public final class SolveJob {
  /** Tokens of a layer that one task is given at most; 8 ids of two bytes each make 32 MB. */
  static final long MOST_TOKENS = 2_000_000;

  private final SparkSession spark;
  private final TraceWindow window;
  private final ModelSpec model;
  private final SlotLayout layout;
  private final SourceNodes sources;
  private final SolverSettings settings;
  private final int microBatchTokens;

  public SolveJob(
      SparkSession spark,
      TraceWindow window,
      ModelSpec model,
      SlotLayout layout,
      SourceNodes sources,
      SolverSettings settings,
      int microBatchTokens) {
    this.spark = spark;
    this.window = window;
    this.model = model;
    this.layout = layout;
    this.sources = sources;
    this.settings = settings;
    this.microBatchTokens = microBatchTokens;
  }

  /**
   * The plan, and what the greedy baseline makes of the same sample.
   *
   * @param sextant ours
   * @param greedy replicate-and-pack in the manner of EPLB, on the same tokens
   * @param sampledTokens tokens of a layer the plan was made from
   * @param windowTokens tokens of a layer in the window
   * @param options what each layer could go to from the current map; empty lists without one
   */
  public record Plans(
      PlacementMap sextant,
      PlacementMap greedy,
      long sampledTokens,
      long windowTokens,
      List<List<LayerOption>> options) {

    /** The same with another plan as ours. */
    Plans withSextant(PlacementMap other) {
      return new Plans(other, greedy, sampledTokens, windowTokens, options);
    }
  }

  /**
   * What several planners make of the same sample.
   *
   * @param maps by planner, in the order asked for
   * @param cpuSeconds by planner: CPU time of all layers together, which other work on the machine
   *     does not stretch
   * @param sampledTokens tokens of a layer the plans were made from
   * @param windowTokens tokens of a layer in the window
   * @param options by layer: what it could go to from the current map; empty lists without one
   */
  record PlannedMaps(
      Map<Planner, PlacementMap> maps,
      Map<Planner, Double> cpuSeconds,
      long sampledTokens,
      long windowTokens,
      List<List<LayerOption>> options) {}

  /**
   * @param current the map in force, for which plans with fewer moves are found too; null where
   *     there is none
   * @throws InvalidInputException where the window holds no traces of the model
   */
  Plans run(CurrentMap current) {
    PlannedMaps planned = run(List.of(Planner.SEXTANT, Planner.EPLB), current);
    return new Plans(
        planned.maps().get(Planner.SEXTANT),
        planned.maps().get(Planner.EPLB),
        planned.sampledTokens(),
        planned.windowTokens(),
        planned.options());
  }

  /**
   * Plans with several planners, all of a layer in the layer's task.
   *
   * @throws InvalidInputException where the window holds no traces of the model
   */
  PlannedMaps run(List<Planner> planners) {
    return run(planners, null);
  }

  private PlannedMaps run(List<Planner> planners, CurrentMap current) {
    long total = windowTokens();
    double share = Math.min(1, MOST_TOKENS / (double) total);
    Dataset<RoutingRow> rows = window.rows(spark);
    if (share < 1) {
      long limit = (long) (share * (1L << 53));
      rows =
          rows.filter(
              (FilterFunction<RoutingRow>)
                  row -> mix(row.getRequestId(), row.getSource()) >>> 11 < limit);
    }
    LayerTask task =
        new LayerTask(model, layout, sources, settings, microBatchTokens, planners, current);
    List<LayerPlan> plans =
        rows.repartition(4 * model.moeLayers().size(), col("layer"))
            .sortWithinPartitions("layer", "day", "arrivalMillis", "source", "requestId")
            .mapPartitions(task, Encoders.javaSerialization(LayerPlan.class))
            .collectAsList();
    List<LayerPlan> inOrder = new ArrayList<>(plans);
    inOrder.sort(Comparator.comparingInt(LayerPlan::layer));
    List<Integer> layers = inOrder.stream().map(LayerPlan::layer).toList();
    if (!layers.equals(model.moeLayers())) {
      throw InvalidInputException.of(
          "traces of " + window.describe(),
          "they hold layers %s, the model has %s".formatted(layers, model.moeLayers()),
          "Ingest traces of every MoE layer");
    }
    Map<Planner, PlacementMap> maps = new EnumMap<>(Planner.class);
    Map<Planner, Double> cpuSeconds = new EnumMap<>(Planner.class);
    for (int i = 0; i < planners.size(); i++) {
      int[][] slots = new int[inOrder.size()][];
      double seconds = 0;
      for (int l = 0; l < slots.length; l++) {
        slots[l] = inOrder.get(l).slots()[i];
        seconds += inOrder.get(l).cpuSeconds()[i];
      }
      maps.put(planners.get(i), map(slots));
      cpuSeconds.put(planners.get(i), seconds);
    }
    return new PlannedMaps(
        maps,
        cpuSeconds,
        inOrder.get(0).tokens(),
        total,
        inOrder.stream().map(LayerPlan::options).toList());
  }

  private PlacementMap map(int[][] slots) {
    return new PlacementMap(model.name(), model.experts(), model.moeLayers(), slots);
  }

  private long windowTokens() {
    Row sum =
        window
            .table(spark)
            .where(col("layer").equalTo(model.moeLayers().get(0)))
            .selectExpr("sum(prefill_tokens + decode_tokens)")
            .first();
    if (sum.isNullAt(0)) {
      throw InvalidInputException.of(
          "traces of " + window.describe(),
          "there are none",
          "Check --model, --from and --to, or ingest more");
    }
    return sum.getLong(0);
  }

  /** A hash of the request that no choice made elsewhere shares. */
  private static long mix(long requestId, String source) {
    long x = requestId * 0x9E3779B97F4A7C15L + source.hashCode();
    x = (x ^ (x >>> 32)) * 0xD6E8FEB86659FD93L;
    x = (x ^ (x >>> 32)) * 0xD6E8FEB86659FD93L;
    return x ^ (x >>> 32);
  }

  /**
   * A layer's answers.
   *
   * @param layer absolute id
   * @param slots shape [planners][slots]
   * @param cpuSeconds shape [planners]
   * @param tokens tokens planned from
   * @param options what the layer could go to from the current map; empty without one
   */
  public record LayerPlan(
      int layer, int[][] slots, double[] cpuSeconds, long tokens, List<LayerOption> options)
      implements Serializable {}

  /** Solves each layer that a sorted partition holds. */
  private record LayerTask(
      ModelSpec model,
      SlotLayout layout,
      SourceNodes sources,
      SolverSettings settings,
      int microBatchTokens,
      List<Planner> planners,
      CurrentMap current)
      implements MapPartitionsFunction<RoutingRow, LayerPlan> {
    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

    @Override
    public Iterator<LayerPlan> call(Iterator<RoutingRow> rows) {
      List<LayerPlan> plans = new ArrayList<>();
      LayerRows layer = null;
      while (rows.hasNext()) {
        RoutingRow row = rows.next();
        if (layer == null || layer.layer != row.getLayer()) {
          if (layer != null) {
            plans.add(solve(layer));
          }
          layer = new LayerRows(row.getLayer());
        }
        layer.add(row, model.topK(), sources);
      }
      if (layer != null) {
        plans.add(solve(layer));
      }
      return plans.iterator();
    }

    private LayerPlan solve(LayerRows rows) {
      LayerTokens tokens = rows.tokens(model);
      // Each layer has its own stream of random choices, whatever task it lands in.
      SolverSettings seeded = settings.withSeed(settings.seed() * 31 + rows.layer);
      LayerProblem problem = new LayerProblem(layout, tokens, microBatchTokens);
      int[][] slots = new int[planners.size()][];
      double[] cpuSeconds = new double[slots.length];
      for (int i = 0; i < slots.length; i++) {
        long before = CLOCK.getCurrentThreadCpuTime();
        slots[i] = planners.get(i).place(model, problem, seeded);
        cpuSeconds[i] = (CLOCK.getCurrentThreadCpuTime() - before) / 1e9;
      }
      List<LayerOption> options =
          current == null
              ? List.of()
              : current.options(
                  model.moeLayers().indexOf(rows.layer),
                  problem,
                  seeded,
                  slots[planners.indexOf(Planner.SEXTANT)]);
      return new LayerPlan(rows.layer, slots, cpuSeconds, tokens.tokens(), options);
    }
  }

  /** Gathers a layer's rows into two arrays. */
  private static final class LayerRows {
    private final int layer;
    private short[] ids = new short[1 << 16];
    private byte[] source = new byte[1 << 13];
    private int idCount;
    private int tokenCount;

    LayerRows(int layer) {
      this.layer = layer;
    }

    void add(RoutingRow row, int topK, SourceNodes sources) {
      short[] experts = row.getExperts();
      int tokens = experts.length / topK;
      if (idCount + experts.length > ids.length) {
        ids = Arrays.copyOf(ids, Math.max(ids.length * 2, idCount + experts.length));
      }
      if (tokenCount + tokens > source.length) {
        source = Arrays.copyOf(source, Math.max(source.length * 2, tokenCount + tokens));
      }
      System.arraycopy(experts, 0, ids, idCount, experts.length);
      Arrays.fill(
          source, tokenCount, tokenCount + tokens, (byte) sources.nodeOf(row.getSourceRank()));
      idCount += experts.length;
      tokenCount += tokens;
    }

    LayerTokens tokens(ModelSpec model) {
      return new LayerTokens(
          model.experts(),
          model.topK(),
          Arrays.copyOf(ids, idCount),
          Arrays.copyOf(source, tokenCount));
    }
  }
}
