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
 * {@link SolverRate} for the spreading of copies over nodes, which needs more slots than experts.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
public class CopyRate {
  private static final int COPIES = 500_000;

  /** A folder with the packs of days 4 to 7. */
  @Param("samples")
  public String traces;

  /** Index of a layer. */
  @Param("0")
  public int layer;

  @Param("8x8:192")
  public String layout;

  private SolverLayer parts;

  @Setup
  public void read() {
    parts = new SolverLayer(Path.of(traces), layer, layout);
  }

  /** {@link CpuProfiler} counts proposals. */
  @Benchmark
  public int[][] copies() {
    long begun = CpuClock.ofThread();
    int[][] spread = parts.copy(COPIES);
    CpuProfiler.called(CpuClock.ofThread() - begun, COPIES);
    return spread;
  }
}
