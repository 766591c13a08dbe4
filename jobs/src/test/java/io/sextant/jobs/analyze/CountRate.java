package io.sextant.jobs.analyze;

import io.sextant.jobs.analyze.count.CountTask;
import io.sextant.jobs.table.TableSplit;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.ModelSpecs;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Prints the time of the pass over the traces without Spark, one line per round: "round
 * wall-seconds cpu-seconds". The first rounds include the compilation of the code. Not a test and
 * not run by the build.
 *
 * <pre>java -cp TEST_CLASS_PATH io.sextant.jobs.analyze.CountRate WAREHOUSE MODEL THREADS ROUNDS
 * </pre>
 */
public final class CountRate {

  private CountRate() {}

  public static void main(String[] args) throws Exception {
    ModelSpec model = ModelSpecs.load(args[1]);
    int threads = Integer.parseInt(args[2]);
    List<List<TableSplit>> tasks =
        new TraceWindow(args[0], model.name(), null, null).tasks(threads, Long.MAX_VALUE);
    CountTask task = new CountTask(model);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      for (int round = 1; round <= Integer.parseInt(args[3]); round++) {
        long began = System.nanoTime();
        long cpu = cpuNanos();
        List<Future<?>> running = new ArrayList<>();
        for (List<TableSplit> splits : tasks) {
          running.add(pool.submit(() -> task.call(splits)));
        }
        for (Future<?> result : running) {
          result.get();
        }
        System.out.printf(
            Locale.ROOT,
            "%d %.2f %.2f%n",
            round,
            (System.nanoTime() - began) / 1e9,
            (cpuNanos() - cpu) / 1e9);
      }
    } finally {
      pool.shutdown();
    }
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
