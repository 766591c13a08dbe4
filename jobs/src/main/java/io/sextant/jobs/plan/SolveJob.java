package io.sextant.jobs.plan;

import io.sextant.jobs.window.DayRule;
import io.sextant.jobs.window.DayWeights;
import io.sextant.jobs.window.LayerTrace;
import io.sextant.jobs.window.PlanningSample;
import io.sextant.jobs.window.RoutingRow;
import io.sextant.jobs.window.SourceNodes;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.placement.migration.LayerOption;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotBudget;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.solve.LayerObjective;
import io.sextant.placement.solve.LayerSolver;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.placement.PlacementMap;
import io.sextant.schema.spec.ModelSpec;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;

/**
 * Plans every MoE layer on the traces of a window, a Spark task a layer. A layer's task receives a
 * sample of whole requests in arrival order, so that the answer does not depend on how the table is
 * cut into files or on how many cores there are.
 */
public final class SolveJob {
  private final SparkSession spark;
  private final TraceWindow window;
  private final DayRule dayRule;
  private final ModelSpec model;
  private final SlotLayout layout;
  private final SourceNodes sources;
  private final SolverSettings settings;
  private final int microBatchTokens;

  public SolveJob(
      SparkSession spark,
      TraceWindow window,
      DayRule dayRule,
      ModelSpec model,
      SlotLayout layout,
      SourceNodes sources,
      SolverSettings settings,
      int microBatchTokens) {
    this.spark = spark;
    this.window = window;
    this.dayRule = dayRule;
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
   * @param days how much each day of the window counted
   * @param options what each layer could go to from the current map; empty lists without one
   */
  public record Plans(
      PlacementMap sextant,
      PlacementMap greedy,
      long sampledTokens,
      long windowTokens,
      DayWeights days,
      List<List<LayerOption>> options) {

    /** The same with another plan as ours. */
    Plans withSextant(PlacementMap other) {
      return new Plans(other, greedy, sampledTokens, windowTokens, days, options);
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
   * @param days how much each day of the window counted
   * @param options by layer: what it could go to from the current map; empty lists without one
   */
  record PlannedMaps(
      Map<Planner, PlacementMap> maps,
      Map<Planner, Double> cpuSeconds,
      long sampledTokens,
      long windowTokens,
      DayWeights days,
      List<List<LayerOption>> options) {}

  /**
   * @param current the map in force, for which plans with fewer moves are found too; null where
   *     there is none
   * @throws InvalidInputException where the window holds no traces of the model
   */
  Plans run(CurrentMap current) {
    return run(current, false);
  }

  /**
   * @param current the map in force; null where there is none
   * @param unevenLayers whether layers may have different numbers of slots, as many in all
   * @throws InvalidInputException where the window holds no traces of the model
   */
  Plans run(CurrentMap current, boolean unevenLayers) {
    PlannedMaps planned =
        run(
            List.of(Planner.SEXTANT, Planner.EPLB),
            current,
            unevenLayers ? sizes() : new int[] {layout.slots()});
    return new Plans(
        planned.maps().get(Planner.SEXTANT),
        planned.maps().get(Planner.EPLB),
        planned.sampledTokens(),
        planned.windowTokens(),
        planned.days(),
        planned.options());
  }

  /**
   * Plans with several planners, all of a layer in the layer's task.
   *
   * @throws InvalidInputException where the window holds no traces of the model
   */
  PlannedMaps run(List<Planner> planners) {
    return run(planners, null, new int[] {layout.slots()});
  }

  /** Slots that a layer may have: from one an expert to as many more than asked for as fewer. */
  private int[] sizes() {
    int gpus = layout.gpus();
    int least = (model.experts() + gpus - 1) / gpus * gpus;
    int most = Math.min(2 * layout.slots() - least, model.experts() * gpus);
    return IntStream.iterate(least, slots -> slots <= most, slots -> slots + gpus).toArray();
  }

  private PlannedMaps run(List<Planner> planners, CurrentMap current, int[] sizes) {
    PlanningSample sample = PlanningSample.of(spark, window, model, dayRule);
    LayerTask task =
        new LayerTask(model, layout, sources, settings, microBatchTokens, planners, current, sizes);
    List<LayerPlan> plans =
        sample
            .rows()
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
    int[] chosen =
        SlotBudget.choose(
            sizes,
            inOrder.stream().map(LayerPlan::objectives).toArray(double[][]::new),
            layout.slots() * inOrder.size());
    for (int i = 0; i < planners.size(); i++) {
      int[][] slots = new int[inOrder.size()][];
      double seconds = 0;
      for (int l = 0; l < slots.length; l++) {
        LayerPlan plan = inOrder.get(l);
        slots[l] = planners.get(i) == Planner.SEXTANT ? plan.sizes()[chosen[l]] : plan.slots()[i];
        seconds += inOrder.get(l).cpuSeconds()[i];
      }
      maps.put(planners.get(i), map(slots));
      cpuSeconds.put(planners.get(i), seconds);
    }
    return new PlannedMaps(
        maps,
        cpuSeconds,
        inOrder.get(0).tokens(),
        sample.windowTokens(),
        sample.days(),
        inOrder.stream().map(LayerPlan::options).toList());
  }

  private PlacementMap map(int[][] slots) {
    return new PlacementMap(model.name(), model.experts(), model.moeLayers(), slots);
  }

  /**
   * A layer's answers.
   *
   * @param layer absolute id
   * @param slots shape [planners][slots]
   * @param cpuSeconds shape [planners]
   * @param tokens tokens planned from
   * @param options what the layer could go to from the current map; empty without one
   * @param sizes shape [choices][slots]: our plan for each number of slots the layer may have
   * @param objectives shape [choices]: what solving minimises, of each of them
   */
  public record LayerPlan(
      int layer,
      int[][] slots,
      double[] cpuSeconds,
      long tokens,
      List<LayerOption> options,
      int[][] sizes,
      double[] objectives)
      implements Serializable {}

  /** Solves each layer that a sorted partition holds. */
  private record LayerTask(
      ModelSpec model,
      SlotLayout layout,
      SourceNodes sources,
      SolverSettings settings,
      int microBatchTokens,
      List<Planner> planners,
      CurrentMap current,
      int[] sizes)
      implements MapPartitionsFunction<RoutingRow, LayerPlan> {
    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

    @Override
    public Iterator<LayerPlan> call(Iterator<RoutingRow> rows) {
      List<LayerPlan> plans = new ArrayList<>();
      LayerTrace.gather(rows, model, sources).forEachRemaining(layer -> plans.add(solve(layer)));
      return plans.iterator();
    }

    private LayerPlan solve(LayerTrace trace) {
      LayerTokens tokens = trace.tokens();
      // Each layer has its own stream of random choices, whatever task it lands in.
      SolverSettings seeded = settings.withSeed(settings.seed() * 31 + trace.layer());
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
                  model.moeLayers().indexOf(trace.layer()),
                  problem,
                  seeded,
                  slots[planners.indexOf(Planner.SEXTANT)]);
      int[][] plans = new int[sizes.length][];
      double[] objectives = new double[sizes.length];
      for (int i = 0; i < sizes.length; i++) {
        LayerProblem sized = new LayerProblem(layout.withSlots(sizes[i]), tokens, microBatchTokens);
        plans[i] =
            sizes[i] == layout.slots()
                ? slots[planners.indexOf(Planner.SEXTANT)]
                : LayerSolver.solve(sized, seeded);
        objectives[i] = sizes.length == 1 ? 0 : new LayerObjective(sized, seeded).of(plans[i]);
      }
      return new LayerPlan(
          trace.layer(), slots, cpuSeconds, tokens.tokens(), options, plans, objectives);
    }
  }
}
