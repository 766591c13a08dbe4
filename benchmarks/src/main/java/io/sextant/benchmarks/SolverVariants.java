package io.sextant.benchmarks;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.baseline.EplbPlacement;
import io.sextant.placement.evaluate.PlacementMetrics;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.LayerContext;
import io.sextant.placement.search.SearchBudget;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.solve.LayerSolver;
import io.sextant.placement.solve.SlotPlanner;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.optaplanner.core.config.heuristic.selector.move.MoveSelectorConfig;
import org.optaplanner.core.config.heuristic.selector.move.factory.MoveIteratorFactoryConfig;
import org.optaplanner.core.config.localsearch.decider.acceptor.LocalSearchAcceptorConfig;
import org.optaplanner.core.config.solver.termination.TerminationConfig;

/**
 * Prints docs/evidence/solver.md's table of variants: what OptaPlanner reaches with each choice of
 * moves and acceptor, from the greedy map on, against the custom phase, in the same CPU time.
 *
 * <pre>bench/java io.sextant.benchmarks.SolverVariants TRACES LAYER</pre>
 */
public final class SolverVariants {
  private static final int SAMPLE_TOKENS = 50_000;
  private static final double[] SECONDS = {1, 3, 10, 30};

  private final TraceDays days;
  private final int layer;
  private final LayerProblem problem;
  private final SolverSettings settings;
  private final LayerContext context;

  private SolverVariants(TraceDays days, int layer) {
    this.days = days;
    this.layer = layer;
    SlotLayout layout = SlotLayout.of(4, 8, 160);
    this.problem = days.problem(layer, layout);
    this.settings = SolverSettings.forSeconds(8, layout, 128, 1);
    this.context =
        LayerContext.of(
            problem,
            new SolverSettings(
                new SearchBudget(SAMPLE_TOKENS, 0, 0, 0, 0, 0), settings.weights(), 1));
  }

  public static void main(String[] args) {
    new SolverVariants(TraceDays.read(Path.of(args[0])), Integer.parseInt(args[1])).compare();
  }

  private void compare() {
    SlotLayout layout = problem.layout();
    int[] greedy = EplbPlacement.global(SampleTokens.load(problem.tokens()), layout);
    print("greedy start", 0, 0, greedy);

    Map<String, MoveSelectorConfig<?>> moves = new LinkedHashMap<>();
    moves.put("swap and change", SlotPlanner.swapsAndChanges());
    moves.put(
        "ours, nearby by co-activation",
        new MoveIteratorFactoryConfig().withMoveIteratorFactoryClass(SlotMoves.class));
    Map<String, LocalSearchAcceptorConfig> acceptors = new LinkedHashMap<>();
    acceptors.put(
        "late acceptance 400", new LocalSearchAcceptorConfig().withLateAcceptanceSize(400));
    acceptors.put(
        "simulated annealing",
        new LocalSearchAcceptorConfig()
            .withSimulatedAnnealingStartingTemperature("0hard/1000soft"));
    moves.forEach(
        (moveName, move) ->
            acceptors.forEach(
                (acceptorName, acceptor) -> {
                  for (double seconds : SECONDS) {
                    double before = cpu();
                    int[] solved =
                        new LocalSearch(move, acceptor, within(seconds)).run(context, greedy);
                    print(moveName + ", " + acceptorName, seconds, cpu() - before, solved);
                  }
                }));
    for (double seconds : SECONDS) {
      double before = cpu();
      int[] slots = LayerSolver.solve(problem, SolverSettings.forSeconds(seconds, layout, 128, 1));
      print("custom phase", seconds, cpu() - before, slots);
    }
    // What sixteen times the default's local search adds to the custom phase.
    double before = cpu();
    int[] polished =
        LayerSolver.solve(
            problem,
            new SolverSettings(
                new SearchBudget(
                    settings.budget().sampleTokens(),
                    settings.budget().divisionSteps(),
                    settings.budget().copySteps(),
                    settings.budget().packingSteps(),
                    settings.budget().jointSteps(),
                    20_000),
                settings.weights(),
                1));
    print("custom phase (8), then 20,000 moves", 8, cpu() - before, polished);
  }

  private static TerminationConfig within(double seconds) {
    return new TerminationConfig().withMillisecondsSpentLimit((long) (seconds * 1000));
  }

  private static double cpu() {
    return CpuClock.ofThread() / 1e9;
  }

  private void print(String name, double asked, double seconds, int[] slots) {
    PlacementMetrics metrics = days.score(layer, problem.layout(), slots).metrics();
    System.out.printf(
        "| %s | %.0f | %.1f | %.4f | %.4f | %.4f |%n",
        name,
        asked,
        seconds,
        context.state(slots).objective(),
        metrics.remoteNodesPerToken(),
        metrics.maxOverMeanGpuLoad());
  }
}
