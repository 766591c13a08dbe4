package io.sextant.jobs.analyze;

import io.sextant.jobs.Progress;
import io.sextant.jobs.RunId;
import io.sextant.jobs.SparkSessions;
import io.sextant.jobs.WarehouseOptions;
import io.sextant.jobs.placement.TraceWindow;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sextant analyze}. */
@Command(
    name = "analyze",
    description =
        "Computes load, imbalance, prefill against decode, domains, co-activation and drift.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example: sextant analyze --warehouse warehouse --model sextant-128x8 --from 2026-09-07"
          + " --to 2026-09-13"
    })
public final class AnalyzeCommand implements Callable<Integer> {
  @Mixin private WarehouseOptions warehouse;

  @Option(
      names = "--from",
      paramLabel = "DAY",
      description = "First day, yyyy-MM-dd (default: the first there is).")
  private String from;

  @Option(
      names = "--to",
      paramLabel = "DAY",
      description = "Last day, yyyy-MM-dd (default: the last there is).")
  private String to;

  @Override
  public Integer call() throws Exception {
    Progress progress = new Progress();
    TraceWindow window = new TraceWindow(warehouse.folder(), warehouse.model().name(), from, to);
    try (SparkSession spark = SparkSessions.open()) {
      AnalyzeJob job = new AnalyzeJob(spark, window, warehouse.model(), RunId.now(), progress);
      System.out.print(job.run().text());
    }
    progress.say("done");
    return 0;
  }
}
