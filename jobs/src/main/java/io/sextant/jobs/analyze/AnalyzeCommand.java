package io.sextant.jobs.analyze;

import io.sextant.jobs.cli.Invocation;
import io.sextant.jobs.cli.JsonOption;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.RunId;
import io.sextant.jobs.cli.WarehouseOptions;
import io.sextant.jobs.lock.WaitOption;
import io.sextant.jobs.lock.WarehouseLock;
import io.sextant.jobs.spark.WarehouseRun;
import io.sextant.jobs.window.Evidence;
import io.sextant.jobs.window.TraceWindow;
import io.sextant.schema.spec.ModelSpec;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sextant analyze}. */
@Command(
    name = "analyze",
    description =
        "Computes tables of load, imbalance, prefill/decode correlation, domains,"
            + " co-activation and drift.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Days that the run covers are replaced in the tables; other days are kept.",
      "Example: sextant analyze --warehouse warehouse --model sextant-128x8 --from 2026-01-05"
    })
public final class AnalyzeCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private WarehouseOptions warehouse;
  @Mixin private WaitOption wait;
  @Mixin private JsonOption json;

  @Option(names = "--from", paramLabel = "DAY", description = "First day, yyyy-MM-dd.")
  private String from;

  @Option(names = "--to", paramLabel = "DAY", description = "Last day, yyyy-MM-dd.")
  private String to;

  @Override
  public Integer call() throws Exception {
    ModelSpec model = warehouse.model();
    TraceWindow traces = new TraceWindow(warehouse.folder(), model.name(), from, to);
    Evidence.require(traces, "--from and --to");
    Duration mostWait = wait.time();
    Progress progress = new Progress();
    String runId = RunId.now();
    return WarehouseRun.of(
        warehouse.folder(),
        Invocation.of(command),
        runId,
        progress,
        spark -> {
          // Checked before the lock creates a folder.
          traces.requireTable();
          try (WarehouseLock lock =
              WarehouseLock.acquire(warehouse.folder(), runId, "analyze", mostWait, progress)) {
            AnalyzeSummary found =
                new AnalyzeJob(spark, model, traces, runId, progress).under(lock).run();
            json.print(found.text(), found::json);
          }
        });
  }
}
