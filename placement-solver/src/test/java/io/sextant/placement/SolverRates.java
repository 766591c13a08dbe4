package io.sextant.placement;

import io.sextant.placement.baseline.EplbPlacement;
import io.sextant.placement.baseline.LinearPlacement;
import io.sextant.schema.trace.RequestTrace;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Prints what docs/solver.md tells: how fast each part of the solver works, and what more work
 * brings. Not a test and not run by the build: it wants the full traces of days 4 to 9.
 *
 * <pre>java -Xmx4g -cp TEST_CLASS_PATH io.sextant.placement.SolverRates TRACES LAYER_INDEX</pre>
 */
public final class SolverRates {
  private static final int MICRO_BATCH_TOKENS = 8192;
  private static final CostModel FREE = new CostModel(0, 0, 0);
  private static final SolverSettings BASE =
      new SolverSettings(1, 50_000, 2_000_000, 200_000, 150_000, 200, ObjectiveWeights.DEFAULT, 1);

  private final int layer;
  private final List<RequestTrace> window = new ArrayList<>();
  private final List<List<RequestTrace>> later = new ArrayList<>();

  private SolverRates(Path traces, int layer) {
    this.layer = layer;
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
    SolverRates rates = new SolverRates(Path.of(args[0]), Integer.parseInt(args[1]));
    rates.measure(SlotLayout.of(4, 8, 128));
    rates.measure(SlotLayout.of(8, 8, 192));
  }

  private void measure(SlotLayout layout) {
    System.out.printf(
        "%n%d nodes x %d GPUs, %d slots%n", layout.nodes(), layout.gpusPerNode(), layout.slots());
    LayerTokens tokens = SampleTokens.layer(window, layer, layout.nodes());
    LayerProblem problem = new LayerProblem(layout, tokens, MICRO_BATCH_TOKENS);
    // A first solve, so that what follows is compiled code.
    LayerSolver.solve(problem, BASE);
    rates(problem);
    score("linear", 0, SlotLayout.of(layout.nodes(), layout.gpusPerNode(), 128), linear());
    score("EPLB-like", 0, layout, EplbPlacement.global(SampleTokens.load(tokens), layout));
    for (int starts : new int[] {1, 3, 6}) {
      variant("starts " + starts, problem, settings(starts, 50_000, 200_000, 200));
    }
    for (int polish : new int[] {0, 1_000, 20_000}) {
      variant("polish " + polish, problem, settings(1, 50_000, 200_000, polish));
    }
    for (int sample : new int[] {20_000, 150_000}) {
      variant("sample " + sample, problem, settings(1, sample, 200_000, 200));
    }
    if (layout.slots() > tokens.experts()) {
      for (long copySteps : new long[] {0, 1_000_000}) {
        variant("copy steps " + copySteps, problem, settings(1, 50_000, copySteps, 200));
      }
    }
  }

  private static int[] linear() {
    return LinearPlacement.place(128, 128);
  }

  private static SolverSettings settings(int starts, int sample, long copySteps, int polish) {
    return new SolverSettings(
        starts,
        sample,
        BASE.divisionSteps(),
        copySteps,
        BASE.packingSteps(),
        polish,
        BASE.weights(),
        BASE.seed());
  }

  private void rates(LayerProblem problem) {
    SlotLayout layout = problem.layout();
    NodeObjective objective = new NodeObjective(0, 2, 0, 2);
    LayerProblem sample = problem.thinned(BASE.sampleTokens());
    NodeDivision division = new NodeDivision(sample);
    Timed<int[][]> divided = timed(() -> division.run(objective, BASE.divisionSteps(), 1));
    rate("division proposals", BASE.divisionSteps(), divided.seconds());
    if (division.hasCopies()) {
      Timed<int[][]> spread =
          timed(() -> division.spread(divided.value(), objective, BASE.copySteps(), 1));
      rate("copy proposals", BASE.copySteps(), spread.seconds());
    }
    MicroBatchLoads loads =
        MicroBatchLoads.of(problem.tokens(), layout.nodes(), MICRO_BATCH_TOKENS);
    Timed<int[]> packed =
        timed(
            () ->
                new GpuPacker(layout, loads, divided.value())
                    .run(BASE.packingSteps(), 2e-3, 1e-5, 1));
    rate("packing proposals", BASE.packingSteps(), packed.seconds());
    int moves = 2_000;
    double without = timed(() -> LayerSolver.solve(problem, settings(1, 50_000, 0, 0))).seconds();
    double with = timed(() -> LayerSolver.solve(problem, settings(1, 50_000, 0, moves))).seconds();
    rate("OptaPlanner moves", moves, with - without);
    Timed<PlacementMetrics> evaluated = timed(() -> evaluate(layout, packed.value()));
    rate("evaluator token-layers", evaluated.value().tokens(), evaluated.seconds());
  }

  private static void rate(String what, long count, double seconds) {
    System.out.printf("%-24s %,14.0f a second of CPU%n", what, count / seconds);
  }

  private void variant(String name, LayerProblem problem, SolverSettings settings) {
    Timed<int[]> plan = timed(() -> LayerSolver.solve(problem, settings));
    score(name, plan.seconds(), problem.layout(), plan.value());
  }

  private void score(String name, double seconds, SlotLayout layout, int[] slots) {
    PlacementMetrics metrics = evaluate(layout, slots);
    System.out.printf(
        "| %s | %.4f | %.4f | %.4f | %.1f |%n",
        name,
        metrics.remoteNodesPerToken(),
        metrics.maxOverMeanGpuLoad(),
        metrics.maxOverMeanNodeReceive(),
        seconds);
  }

  /** Days 8 and 9 together, each a file of its own. */
  private PlacementMetrics evaluate(SlotLayout layout, int[] slots) {
    PlacementTally tally = PlacementTally.EMPTY;
    for (List<RequestTrace> day : later) {
      LayerEvaluator evaluator =
          new LayerEvaluator(layout, slots, 128, FREE, MICRO_BATCH_TOKENS, 256);
      for (RequestTrace request : day) {
        evaluator.add(
            request.experts()[layer],
            request.topK(),
            request.prefillTokens(),
            SampleTokens.sourceNode(request, layout.nodes()));
      }
      tally = tally.plus(evaluator.tally());
    }
    return tally.metrics();
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
