package io.sextant.placement;

import io.sextant.placement.baseline.EplbPlacement;
import io.sextant.placement.evaluate.CostModel;
import io.sextant.placement.evaluate.LayerEvaluator;
import io.sextant.placement.evaluate.PlacementMetrics;
import io.sextant.placement.evaluate.PlacementTally;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.LayerContext;
import io.sextant.placement.search.SearchBudget;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.solve.LayerSolver;
import io.sextant.placement.solve.SlotAssignment;
import io.sextant.schema.trace.RequestTrace;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.optaplanner.core.api.solver.SolverFactory;
import org.optaplanner.core.config.heuristic.selector.move.MoveSelectorConfig;
import org.optaplanner.core.config.heuristic.selector.move.factory.MoveIteratorFactoryConfig;
import org.optaplanner.core.config.localsearch.decider.acceptor.LocalSearchAcceptorConfig;
import org.optaplanner.core.config.phase.custom.CustomPhaseConfig;
import org.optaplanner.core.config.solver.SolverConfig;
import org.optaplanner.core.config.solver.termination.TerminationConfig;

/**
 * Prints docs/evidence/solver.md's table of variants: what OptaPlanner reaches with each choice of
 * moves and acceptor, from the greedy map on, against the custom phase, in the same CPU. Not a
 * test.
 *
 * <pre>java -Xmx4g -cp TEST_CLASS_PATH io.sextant.placement.SolverVariants TRACES LAYER</pre>
 */
public final class SolverVariants {
  private static final int MICRO_BATCH_TOKENS = 8192;
  private static final int SAMPLE_TOKENS = 50_000;
  private static final double[] SECONDS = {1, 3, 10, 30};
  private static final CostModel FREE = new CostModel(0, 0, 0);

  private SolverVariants() {}

  public static void main(String[] args) {
    int layer = Integer.parseInt(args[1]);
    List<RequestTrace> window = new ArrayList<>();
    List<List<RequestTrace>> later = new ArrayList<>();
    for (int day = 4; day <= 9; day++) {
      List<RequestTrace> requests =
          SampleTokens.read(Path.of(args[0], "day%02d.safetensors.zst".formatted(day)));
      if (day < 8) {
        window.addAll(requests);
      } else {
        later.add(requests);
      }
    }
    SlotLayout layout = SlotLayout.of(4, 8, 160);
    LayerProblem problem =
        new LayerProblem(layout, SampleTokens.layer(window, layer, 4), MICRO_BATCH_TOKENS);
    SolverSettings settings = SolverSettings.forSeconds(8, layout, 128, 1);
    LayerContext context =
        LayerContext.of(
            problem,
            new SolverSettings(
                new SearchBudget(SAMPLE_TOKENS, 0, 0, 0, 0, 0), settings.weights(), 1));
    int[] greedy = EplbPlacement.global(SampleTokens.load(problem.tokens()), layout);
    print("greedy start", 0, 0, context, greedy, layer, later);

    Map<String, MoveSelectorConfig<?>> moves = new LinkedHashMap<>();
    moves.put("swap and change", LayerSolver.swapsAndChanges());
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
                    SlotAssignment solved =
                        SolverFactory.<SlotAssignment>create(search(move, acceptor, seconds))
                            .buildSolver()
                            .solve(new SlotAssignment(context, greedy));
                    print(
                        moveName + ", " + acceptorName,
                        seconds,
                        cpu() - before,
                        context,
                        solved.slotToExpert(),
                        layer,
                        later);
                  }
                }));
    for (double seconds : SECONDS) {
      double before = cpu();
      int[] slots = LayerSolver.solve(problem, SolverSettings.forSeconds(seconds, layout, 128, 1));
      print("custom phase", seconds, cpu() - before, context, slots, layer, later);
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
    print(
        "custom phase (8), then 20,000 moves", 8, cpu() - before, context, polished, layer, later);
  }

  private static SolverConfig search(
      MoveSelectorConfig<?> moves, LocalSearchAcceptorConfig acceptor, double seconds) {
    // A search needs a phase before it that initialises the solution; this one has nothing to do.
    CustomPhaseConfig start =
        new CustomPhaseConfig()
            .withCustomPhaseCommandList(List.of(director -> director.triggerVariableListeners()));
    TerminationConfig end =
        new TerminationConfig().withMillisecondsSpentLimit((long) (seconds * 1000));
    return LayerSolver.config(1, start, LayerSolver.search(moves, acceptor, end));
  }

  private static double cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
  }

  private static void print(
      String name,
      double asked,
      double seconds,
      LayerContext context,
      int[] slots,
      int layer,
      List<List<RequestTrace>> later) {
    SlotLayout layout = context.problem().layout();
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
    PlacementMetrics metrics = tally.metrics();
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
