package io.sextant.placement;

import io.sextant.placement.baseline.EplbPlacement;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.solve.LayerSolver;
import io.sextant.schema.trace.RequestTrace;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Prints the CPU time to the map of a layer: the greedy baseline in the manner of EPLB, which
 * starts from counts of experts, beside the solver at its least, which starts from tokens. A row of
 * a Markdown table a cluster; compiled code. Not a test and not run by the build.
 *
 * <pre>java -Xmx3g -cp TEST_CLASS_PATH io.sextant.placement.TimeToMap PACK</pre>
 */
public final class TimeToMap {
  private static final int ROUNDS = 20;
  private static final int MICRO_BATCH_TOKENS = 8192;
  private static final double SOLVER_SECONDS = 0.3;

  private TimeToMap() {}

  public static void main(String[] args) {
    List<RequestTrace> requests = SampleTokens.read(Path.of(args[0]));
    print(requests, SlotLayout.of(4, 8, 128));
    print(requests, SlotLayout.of(4, 8, 160));
    print(requests, SlotLayout.of(8, 8, 192));
  }

  private static void print(List<RequestTrace> requests, SlotLayout layout) {
    LayerTokens tokens = SampleTokens.layer(requests, 0, layout.nodes());
    double[] load = SampleTokens.load(tokens);
    double greedy = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      greedy = Math.min(greedy, seconds(() -> EplbPlacement.global(load, layout)));
    }
    LayerProblem problem = new LayerProblem(layout, tokens, MICRO_BATCH_TOKENS);
    SolverSettings settings = SolverSettings.forSeconds(SOLVER_SECONDS, layout, 128, 1);
    LayerSolver.solve(problem, settings);
    double solver = seconds(() -> LayerSolver.solve(problem, settings));
    System.out.printf(
        Locale.ROOT,
        "| %d x %d, %d slots | EPLB-like %.2f ms | Sextant, --seconds %.1f: %.0f ms |%n",
        layout.nodes(),
        layout.gpusPerNode(),
        layout.slots(),
        greedy * 1e3,
        SOLVER_SECONDS,
        solver * 1e3);
  }

  private static double seconds(Runnable work) {
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    work.run();
    return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1e9;
  }
}
