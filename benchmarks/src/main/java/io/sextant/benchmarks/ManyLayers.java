package io.sextant.benchmarks;

import io.sextant.placement.Evaluations;
import io.sextant.placement.SampleTokens;
import io.sextant.placement.baseline.EplbPlacement;
import io.sextant.placement.evaluate.PlacementTally;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.solve.LayerSolver;
import io.sextant.schema.trace.RequestTrace;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.stream.IntStream;

/**
 * Prints what docs/evidence/solver.md tells of 58 layers of 256 experts, which are made from real
 * layers: the first four experts of a token in one layer, and in another with 128 added, each
 * layer's ids shuffled; day 5 plans, day 8 scores. Two layers at a time, as Spark runs them on two
 * cores.
 *
 * <pre>bench/java io.sextant.benchmarks.ManyLayers TRACES</pre>
 */
public final class ManyLayers {
  private ManyLayers() {}

  public static void main(String[] args) {
    Path traces = Path.of(args[0]);
    List<RequestTrace> window =
        SampleTokens.read(traces.resolve("day05.safetensors.zst"), SampleTokens.model());
    List<RequestTrace> later =
        SampleTokens.read(traces.resolve("day08.safetensors.zst"), SampleTokens.model());
    SlotLayout layout = SlotLayout.of(4, 8, 288);
    LayerTokens[] seen = new LayerTokens[58];
    LayerTokens[] next = new LayerTokens[58];
    for (int l = 0; l < 58; l++) {
      seen[l] = joined(window, l);
      next[l] = joined(later, l);
    }
    // A first solve, so that what follows is compiled code.
    plan(layout, seen[0], 0);
    int[][] sextant = new int[58][];
    long before = System.nanoTime();
    IntStream.range(0, 58).parallel().forEach(l -> sextant[l] = plan(layout, seen[l], l));
    double seconds = (System.nanoTime() - before) / 1e9;
    PlacementTally[] tally = {PlacementTally.EMPTY, PlacementTally.EMPTY};
    for (int l = 0; l < 58; l++) {
      int[] eplb = EplbPlacement.global(SampleTokens.load(seen[l]), layout);
      tally[0] = tally[0].plus(Evaluations.of(layout, eplb, next[l], 8192));
      tally[1] = tally[1].plus(Evaluations.of(layout, sextant[l], next[l], 8192));
    }
    System.out.printf("%n58 layers x 256 experts x 288 slots: %.1f s on two cores%n", seconds);
    OtherModels.print("EPLB-like", tally[0].metrics());
    OtherModels.print("sextant", tally[1].metrics());
    System.out.printf("Every tenth of them, the usual price of balance, CPU seconds per layer%n");
    for (double each : new double[] {0.3, 1, 3, 10, 30}) {
      curve(layout, seen, next, each);
    }
  }

  private static int[] plan(SlotLayout layout, LayerTokens tokens, int seed) {
    return LayerSolver.solve(
        new LayerProblem(layout, tokens, 8192),
        SolverSettings.forSeconds(0.6, layout, 256, seed).withGpuLoadWeight(5));
  }

  private static void curve(
      SlotLayout layout, LayerTokens[] seen, LayerTokens[] next, double each) {
    DoubleAdder cpuSeconds = new DoubleAdder();
    int[] layers = IntStream.range(0, seen.length).filter(l -> l % 10 == 0).toArray();
    PlacementTally tally =
        IntStream.of(layers)
            .parallel()
            .mapToObj(
                l -> {
                  long before = CpuClock.ofThread();
                  int[] plan =
                      LayerSolver.solve(
                          new LayerProblem(layout, seen[l], 8192),
                          SolverSettings.forSeconds(each, layout, 256, l));
                  cpuSeconds.add((CpuClock.ofThread() - before) / 1e9);
                  return Evaluations.of(layout, plan, next[l], 8192);
                })
            .reduce(PlacementTally.EMPTY, PlacementTally::plus);
    OtherModels.print(
        "--seconds %.1f, %.1f s".formatted(each, cpuSeconds.sum() / layers.length),
        tally.metrics());
  }

  static LayerTokens joined(List<RequestTrace> requests, int l) {
    int[] shuffled = IntStream.range(0, 256).toArray();
    SplittableRandom random = new SplittableRandom(l);
    for (int i = 255; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = shuffled[i];
      shuffled[i] = shuffled[j];
      shuffled[j] = swap;
    }
    int a = l % 6;
    int b = (l / 6 + 1 + a) % 6;
    int tokens = requests.stream().mapToInt(RequestTrace::tokens).sum();
    short[] ids = new short[tokens * 8];
    byte[] source = new byte[tokens];
    int t = 0;
    for (RequestTrace request : requests) {
      for (int row = 0; row < request.tokens(); row++, t++) {
        for (int i = 0; i < 4; i++) {
          ids[t * 8 + i] = (short) shuffled[request.experts()[a][row * 8 + i]];
          ids[t * 8 + 4 + i] = (short) shuffled[128 + request.experts()[b][row * 8 + i]];
        }
        source[t] = (byte) SampleTokens.sourceNode(request, 4);
      }
    }
    return new LayerTokens(256, 8, ids, source);
  }
}
