package io.sextant.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Adds CPU time to JMH's results, which are wall time and so depend on what else the machine does:
 * {@code cpu}, milliseconds of CPU per call, and {@code perCpuSecond}, how many proposals, moves or
 * token-layers a second of CPU is enough for. JMH takes it as {@code -prof
 * io.sextant.benchmarks.CpuProfiler}.
 */
public final class CpuProfiler implements InternalProfiler {
  private static final LongAdder CALLS = new LongAdder();
  private static final LongAdder CPU_NANOS = new LongAdder();
  private static final LongAdder DONE = new LongAdder();

  /**
   * A benchmark's method says what a call took.
   *
   * @param done proposals, moves or token-layers; 0 if only the time matters
   */
  static void called(long cpuNanos, long done) {
    CALLS.increment();
    CPU_NANOS.add(cpuNanos);
    DONE.add(done);
  }

  @Override
  public String getDescription() {
    return "CPU time per call, and work per second of CPU";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    CALLS.reset();
    CPU_NANOS.reset();
    DONE.reset();
  }

  @Override
  public Collection<ScalarResult> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    double nanos = CPU_NANOS.sum();
    List<ScalarResult> results = new ArrayList<>();
    results.add(new ScalarResult("cpu", nanos / 1e6 / CALLS.sum(), "ms/op", AggregationPolicy.AVG));
    if (DONE.sum() > 0) {
      results.add(
          new ScalarResult("perCpuSecond", DONE.sum() * 1e9 / nanos, "1/s", AggregationPolicy.AVG));
    }
    return results;
  }
}
