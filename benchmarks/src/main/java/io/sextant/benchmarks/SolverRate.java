package io.sextant.benchmarks;

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
 * How many proposals each part of the solver judges, beside the moves of OptaPlanner's local search
 * and their scores without OptaPlanner. {@link CpuProfiler} counts proposals or moves.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
public class SolverRate {
  private static final int DIVISION = 2_000_000;
  private static final int PACKING = 150_000;
  private static final int JOINT = 1_000_000;
  private static final int MOVES = 2_000;

  /** A folder with the packs of days 4 to 7. */
  @Param("samples")
  public String traces;

  /** Index of a layer. */
  @Param("0")
  public int layer;

  @Param({"4x8:128", "8x8:192"})
  public String layout;

  private SolverLayer parts;

  @Setup
  public void read() {
    parts = new SolverLayer(Path.of(traces), layer, layout);
  }

  @Benchmark
  public int[][] division() {
    long begun = CpuClock.ofThread();
    int[][] divided = parts.divide(DIVISION);
    CpuProfiler.called(CpuClock.ofThread() - begun, DIVISION);
    return divided;
  }

  @Benchmark
  public int[] packing() {
    long begun = CpuClock.ofThread();
    int[] packed = parts.pack(PACKING);
    CpuProfiler.called(CpuClock.ofThread() - begun, PACKING);
    return packed;
  }

  @Benchmark
  public int[] joint() {
    long begun = CpuClock.ofThread();
    int[] slots = parts.anneal(JOINT);
    CpuProfiler.called(CpuClock.ofThread() - begun, JOINT);
    return slots;
  }

  @Benchmark
  public int[] optaPlannerMoves() {
    long begun = CpuClock.ofThread();
    int[] slots = parts.search(MOVES);
    CpuProfiler.called(CpuClock.ofThread() - begun, MOVES);
    return slots;
  }

  @Benchmark
  public double scoresOfMoves() {
    long begun = CpuClock.ofThread();
    double sum = parts.swap(MOVES);
    CpuProfiler.called(CpuClock.ofThread() - begun, MOVES);
    return sum;
  }
}
