package io.sextant.benchmarks;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.baseline.EplbPlacement;
import io.sextant.placement.baseline.LinearPlacement;
import io.sextant.placement.evaluate.PlacementMetrics;
import io.sextant.placement.evaluate.PlacementTally;
import io.sextant.placement.objective.ObjectiveWeights;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.SearchBudget;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.solve.LayerSolver;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Prints the tables of docs/evidence/solver.md that compare plans with the CPU time they took: with
 * {@code --seconds}, and with one part of the budget changed at a time.
 *
 * <pre>bench/java io.sextant.benchmarks.QualityByTime TRACES LAYER_INDEX...</pre>
 */
public final class QualityByTime {
  private static final SolverSettings BASE =
      new SolverSettings(
          new SearchBudget(50_000, 2_000_000, 500_000, 150_000, 300_000, 0),
          ObjectiveWeights.DEFAULT,
          1);

  private final TraceDays days;
  private final List<Integer> layers;

  private QualityByTime(TraceDays days, List<Integer> layers) {
    this.days = days;
    this.layers = layers;
  }

  public static void main(String[] args) {
    QualityByTime quality =
        new QualityByTime(
            TraceDays.read(Path.of(args[0])),
            Stream.of(args).skip(1).map(Integer::valueOf).toList());
    quality.measure(SlotLayout.of(4, 8, 128));
    quality.measure(SlotLayout.of(8, 8, 192));
  }

  private void measure(SlotLayout layout) {
    System.out.printf(
        "%n%d nodes x %d GPUs, %d slots%n", layout.nodes(), layout.gpusPerNode(), layout.slots());
    List<LayerProblem> problems =
        layers.stream().map(layer -> days.problem(layer, layout)).toList();
    // A first solve, so that what follows is compiled code.
    LayerSolver.solve(problems.get(0), BASE);
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

  private void variant(String name, List<LayerProblem> problems, SolverSettings settings) {
    SlotLayout layout = problems.get(0).layout();
    plan(name, problems, layout, problem -> LayerSolver.solve(problem, settings));
  }

  /** A row of the table: metrics over all layers, CPU seconds per layer. */
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
      tally = tally.plus(days.score(layers.get(i), layout, plans.get(i).value()));
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

  /** CPU time of the solving thread. */
  private record Timed<T>(T value, double seconds) {}

  private static <T> Timed<T> timed(Supplier<T> work) {
    long begun = CpuClock.ofThread();
    T value = work.get();
    return new Timed<>(value, (CpuClock.ofThread() - begun) / 1e9);
  }
}
