package io.sextant.benchmarks;

import io.sextant.placement.SampleTokens;
import io.sextant.placement.baseline.EplbPlacement;
import io.sextant.placement.problem.LayerProblem;
import io.sextant.placement.problem.LayerTokens;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.SolverSettings;
import io.sextant.placement.solve.LayerSolver;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The time to the map of a layer: the EPLB-like greedy, which starts from counts of experts, and
 * the solver with little work, which starts from tokens.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TimeToMap {
  private static final int MICRO_BATCH_TOKENS = 8192;

  /** A pack of sextant-128x8. */
  @Param("samples/day08.safetensors.zst")
  public String pack;

  @Param({"4x8:128", "4x8:160", "8x8:192"})
  public String layout;

  /** What {@code solve --seconds} takes. */
  @Param("0.3")
  public double seconds;

  private SlotLayout slots;
  private double[] load;
  private LayerProblem problem;
  private SolverSettings settings;

  @Setup
  public void read() {
    slots = Layouts.of(layout);
    LayerTokens tokens = SampleTokens.layer(SampleTokens.read(Path.of(pack)), 0, slots.nodes());
    load = SampleTokens.load(tokens);
    problem = new LayerProblem(slots, tokens, MICRO_BATCH_TOKENS);
    settings = SolverSettings.forSeconds(seconds, slots, tokens.experts(), 1);
  }

  @Benchmark
  public int[] eplb() {
    long begun = CpuClock.ofThread();
    int[] map = EplbPlacement.global(load, slots);
    CpuProfiler.called(CpuClock.ofThread() - begun, 0);
    return map;
  }

  @Benchmark
  public int[] sextant() {
    long begun = CpuClock.ofThread();
    int[] map = LayerSolver.solve(problem, settings);
    CpuProfiler.called(CpuClock.ofThread() - begun, 0);
    return map;
  }
}
