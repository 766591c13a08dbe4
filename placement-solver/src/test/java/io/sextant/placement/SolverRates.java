package io.sextant.placement;

import io.sextant.placement.anneal.Annealing;
import io.sextant.placement.anneal.AnnealingStage;
import io.sextant.placement.baseline.EplbPlacement;
import io.sextant.placement.baseline.LinearPlacement;
import io.sextant.placement.evaluate.CostModel;
import io.sextant.placement.evaluate.LayerEvaluator;
import io.sextant.placement.evaluate.PlacementMetrics;
import io.sextant.placement.evaluate.PlacementTally;
import io.sextant.placement.objective.MicroBatchLoads;
import io.sextant.placement.objective.ObjectiveWeights;
import io.sextant.placement.objective.SlotState;
import io.sextant.placement.problem.BalanceUnit;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.GpuPacker;
import io.sextant.placement.search.LayerContext;
import io.sextant.placement.search.NodeDivision;
import io.sextant.placement.search.NodeObjective;
import io.sextant.placement.search.SearchBudget;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.solve.LayerSolver;
import io.sextant.schema.trace.RequestTrace;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Prints what docs/evidence/solver.md tells: how fast each part of the solver works, and what more
 * work brings. Not a test and not run by the build: it wants the full traces of days 4 to 9.
 *
 * <pre>java -Xmx4g -cp TEST_CLASS_PATH io.sextant.placement.SolverRates TRACES LAYER_INDEX...</pre>
 */
public final class SolverRates {
  private static final int MICRO_BATCH_TOKENS = 8192;
  private static final CostModel FREE = new CostModel(0, 0, 0);
  private static final SolverSettings BASE =
      new SolverSettings(
          new SearchBudget(50_000, 2_000_000, 500_000, 150_000, 300_000, 0),
          ObjectiveWeights.DEFAULT,
          1);

  private final List<Integer> layers;
  private final List<RequestTrace> window = new ArrayList<>();
  private final List<List<RequestTrace>> later = new ArrayList<>();

  private SolverRates(Path traces, List<Integer> layers) {
    this.layers = layers;
    for (int day = 4; day <= 9; day++) {
      List<RequestTrace> requests =
          SampleTokens.read(traces.resolve("day%02d.safetensors.zst".formatted(day)));
      if (day < 8) {
        window.addAll(requests);
      } else {
        later.add(requests);
      }
    }
  }

  public static void main(String[] args) {
    SolverRates rates =
        new SolverRates(Path.of(args[0]), Stream.of(args).skip(1).map(Integer::valueOf).toList());
    rates.measure(SlotLayout.of(4, 8, 128));
    rates.measure(SlotLayout.of(8, 8, 192));
  }

  private void measure(SlotLayout layout) {
    System.out.printf(
        "%n%d nodes x %d GPUs, %d slots%n", layout.nodes(), layout.gpusPerNode(), layout.slots());
    List<LayerProblem> problems =
        layers.stream()
            .map(layer -> SampleTokens.layer(window, layer, layout.nodes()))
            .map(tokens -> new LayerProblem(layout, tokens, MICRO_BATCH_TOKENS))
            .toList();
    // A first solve, so that what follows is compiled code.
    LayerSolver.solve(problems.get(0), BASE);
    rates(problems.get(0));
    SlotLayout single = SlotLayout.of(layout.nodes(), layout.gpusPerNode(), 128);
    plan("linear", problems, single, problem -> LinearPlacement.place(128, 128));
    plan(
        "EPLB-like",
        problems,
        layout,
        problem -> EplbPlacement.global(SampleTokens.load(problem.tokens()), layout));
    for (double seconds : new double[] {0.3, 1, 3, 10, 30}) {
      variant(
          "--seconds " + seconds,
          problems,
          SolverSettings.forSeconds(seconds, layout, 128, BASE.seed()));
    }
    variant("base", problems, BASE);
    variant("polish 20,000", problems, settings(50_000, 500_000, 300_000, 20_000));
    variant("sample 20,000", problems, settings(20_000, 500_000, 300_000, 0));
    variant("sample 150,000", problems, settings(150_000, 500_000, 300_000, 0));
    variant("joint 0", problems, settings(50_000, 500_000, 0, 0));
    variant("joint 2,000,000", problems, settings(50_000, 500_000, 2_000_000, 0));
    if (layout.slots() > 128) {
      variant("copies 0", problems, settings(50_000, 0, 300_000, 0));
      variant("copies 2,000,000", problems, settings(50_000, 2_000_000, 300_000, 0));
    }
  }

  private static SolverSettings settings(int sample, long copySteps, long jointSteps, int polish) {
    return new SolverSettings(
        new SearchBudget(
            sample,
            BASE.budget().divisionSteps(),
            copySteps,
            BASE.budget().packingSteps(),
            jointSteps,
            polish),
        BASE.weights(),
        BASE.seed());
  }

  private void rates(LayerProblem problem) {
    SlotLayout layout = problem.layout();
    NodeObjective objective = new NodeObjective(2, 2);
    LayerProblem sample = problem.thinned(BASE.budget().sampleTokens());
    NodeDivision division = new NodeDivision(sample);
    Timed<int[][]> divided = timed(() -> division.run(objective, BASE.budget().divisionSteps(), 1));
    rate("division proposals", BASE.budget().divisionSteps(), divided.seconds());
    if (division.hasCopies()) {
      Timed<int[][]> spread =
          timed(() -> division.spread(divided.value(), objective, BASE.budget().copySteps(), 1));
      rate("copy proposals", BASE.budget().copySteps(), spread.seconds());
    }
    MicroBatchLoads loads =
        MicroBatchLoads.of(
            problem.tokens(), layout.nodes(), MICRO_BATCH_TOKENS, BalanceUnit.TOKENS);
    Timed<int[]> packed =
        timed(
            () ->
                new GpuPacker(layout, loads, divided.value())
                    .run(
                        new Annealing(
                            new AnnealingStage(2e-3, 1e-5), BASE.budget().packingSteps(), 1)));
    rate("packing proposals", BASE.budget().packingSteps(), packed.seconds());
    int moves = 2_000;
    double without = timed(() -> LayerSolver.solve(problem, settings(50_000, 0, 0, 0))).seconds();
    double with = timed(() -> LayerSolver.solve(problem, settings(50_000, 0, 0, moves))).seconds();
    rate("OptaPlanner moves", moves, with - without);
    double alone = scoring(problem, packed.value(), moves);
    rate("their scoring alone", moves, alone);
    System.out.printf(
        "%-24s %14.0f %% of the time of its moves%n",
        "OptaPlanner's own", 100 * (1 - alone / (with - without)));
    Timed<PlacementMetrics> evaluated =
        timed(() -> evaluate(layers.get(0), layout, packed.value()).metrics());
    rate("evaluator token-layers", evaluated.value().tokens(), evaluated.seconds());
  }

  /** What OptaPlanner asks of our score for a swap that is not taken: made, scored, unmade. */
  private double scoring(LayerProblem problem, int[] slots, int moves) {
    SlotState state = LayerContext.of(problem, BASE).state(slots);
    SplittableRandom random = new SplittableRandom(1);
    return timed(
            () -> {
              double sum = 0;
              for (int move = 0; move < moves; move++) {
                int p = random.nextInt(slots.length);
                int q = random.nextInt(slots.length);
                state.put(p, slots[q]);
                state.put(q, slots[p]);
                sum += state.objective();
                state.put(p, slots[p]);
                state.put(q, slots[q]);
              }
              return sum;
            })
        .seconds();
  }

  private static void rate(String what, long count, double seconds) {
    System.out.printf("%-24s %,14.0f a second of CPU%n", what, count / seconds);
  }

  private void variant(String name, List<LayerProblem> problems, SolverSettings settings) {
    SlotLayout layout = problems.get(0).layout();
    plan(name, problems, layout, problem -> LayerSolver.solve(problem, settings));
  }

  /** A row of the table: metrics over all layers, CPU seconds a layer. */
  private void plan(
      String name,
      List<LayerProblem> problems,
      SlotLayout layout,
      Function<LayerProblem, int[]> planner) {
    PlacementTally tally = PlacementTally.EMPTY;
    double seconds = 0;
    List<Timed<int[]>> plans =
        problems.parallelStream().map(problem -> timed(() -> planner.apply(problem))).toList();
    for (int i = 0; i < problems.size(); i++) {
      seconds += plans.get(i).seconds();
      tally = tally.plus(evaluate(layers.get(i), layout, plans.get(i).value()));
    }
    PlacementMetrics metrics = tally.metrics();
    System.out.printf(
        "| %s | %.4f | %.4f | %.4f | %.1f |%n",
        name,
        metrics.remoteNodesPerToken(),
        metrics.maxOverMeanGpuLoad(),
        metrics.maxOverMeanNodeReceive(),
        seconds / problems.size());
  }

  /** Days 8 and 9 together, each a file of its own. */
  private PlacementTally evaluate(int layer, SlotLayout layout, int[] slots) {
    PlacementTally tally = PlacementTally.EMPTY;
    for (List<RequestTrace> day : later) {
      LayerEvaluator evaluator =
          new LayerEvaluator(layout, slots, 128, FREE, MICRO_BATCH_TOKENS, 256);
      for (RequestTrace request : day) {
        evaluator.add(
            request.experts()[layer],
            request.topK(),
            request.prefillTokens(),
            request.decodeTokens(),
            SampleTokens.sourceNode(request, layout.nodes()));
      }
      tally = tally.plus(evaluator.tally());
    }
    return tally;
  }

  private record Timed<T>(T value, double seconds) {}

  /** CPU time of this thread, which other work on the machine does not stretch. */
  private static <T> Timed<T> timed(Supplier<T> work) {
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    T value = work.get();
    long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
    return new Timed<>(value, nanos / 1e9);
  }
}
