package io.sextant.jobs.placement;

import static org.apache.spark.sql.functions.col;

import io.sextant.placement.LayerProblem;
import io.sextant.placement.LayerSolver;
import io.sextant.placement.LayerTokens;
import io.sextant.placement.SlotLayout;
import io.sextant.placement.SolverSettings;
import io.sextant.placement.baseline.EplbPlacement;
import io.sextant.placement.migration.LayerOption;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.spec.ModelSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
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
  private final CurrentMap current;

  /**
   * @param current the map in force, for which options with fewer moves are found too; null where
   *     there is none
   */
  public SolveJob(
      SparkSession spark,
      TraceWindow window,
      ModelSpec model,
      SlotLayout layout,
      SourceNodes sources,
      SolverSettings settings,
      int microBatchTokens,
      CurrentMap current) {
    this.spark = spark;
    this.window = window;
    this.model = model;
    this.layout = layout;
    this.sources = sources;
    this.settings = settings;
    this.microBatchTokens = microBatchTokens;
    this.current = current;
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
   * @throws InvalidInputException where the window holds no traces of the model
   */
  public Plans run() {
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
    LayerTask task = new LayerTask(model, layout, sources, settings, microBatchTokens, current);
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
    return new Plans(
        map(inOrder.stream().map(LayerPlan::sextant).toArray(int[][]::new)),
        map(inOrder.stream().map(LayerPlan::greedy).toArray(int[][]::new)),
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

  /** A layer's answers. */
  public record LayerPlan(
      int layer, int[] sextant, int[] greedy, long tokens, List<LayerOption> options)
      implements Serializable {}

  /** Solves each layer that a sorted partition holds. */
  private record LayerTask(
      ModelSpec model,
      SlotLayout layout,
      SourceNodes sources,
      SolverSettings settings,
      int microBatchTokens,
      CurrentMap current)
      implements MapPartitionsFunction<RoutingRow, LayerPlan> {

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
      int[] slots = LayerSolver.solve(problem, seeded);
      List<LayerOption> options =
          current == null
              ? List.of()
              : current.options(model.moeLayers().indexOf(rows.layer), problem, seeded, slots);
      double[] load = new double[model.experts()];
      for (short e : tokens.ids()) {
        load[e]++;
      }
      return new LayerPlan(
          rows.layer, slots, EplbPlacement.global(load, layout), tokens.tokens(), options);
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
