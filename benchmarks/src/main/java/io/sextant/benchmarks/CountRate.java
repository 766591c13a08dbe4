package io.sextant.benchmarks;

import io.sextant.jobs.analyze.count.CountTask;
import io.sextant.jobs.table.TableSplit;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The one pass of {@code analyze} over the traces, without Spark around it. An iteration is one
 * pass and there is no warm-up, so the first iterations include the compilation of the code.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 0)
@Measurement(iterations = 4, time = 1, timeUnit = TimeUnit.MILLISECONDS)
public class CountRate {

  /** A warehouse with the traces of {@link #model}. */
  @Param("warehouse")
  public String warehouse;

  @Param("sextant-128x8")
  public String model;

  @Param("2")
  public int threads;

  private List<List<TableSplit>> tasks;
  private CountTask task;
  private ExecutorService pool;

  @Setup
  public void list() throws IOException {
    ModelSpec spec = ModelSpecs.load(model);
    task = new CountTask(spec);
    tasks = new TraceWindow(warehouse, spec.name(), null, null).tasks(threads, Long.MAX_VALUE);
    pool = Executors.newFixedThreadPool(threads);
  }

  @TearDown
  public void shutDown() {
    pool.shutdown();
  }

  /** {@link CpuProfiler} has the CPU time of all threads of the process. */
  @Benchmark
  public List<Object> count() throws Exception {
    long begun = CpuClock.ofProcess();
    List<Future<?>> running = new ArrayList<>();
    for (List<TableSplit> splits : tasks) {
      running.add(pool.submit(() -> task.call(splits)));
    }
    List<Object> counts = new ArrayList<>();
    for (Future<?> result : running) {
      counts.add(result.get());
    }
    CpuProfiler.called(CpuClock.ofProcess() - begun, 0);
    return counts;
  }
}
