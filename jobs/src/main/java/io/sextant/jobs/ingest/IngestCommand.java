package io.sextant.jobs.ingest;

import io.sextant.jobs.cli.Invocation;
import io.sextant.jobs.cli.JsonOption;
import io.sextant.jobs.cli.Progress;
import io.sextant.jobs.cli.RunId;
import io.sextant.jobs.cli.TraceOptions;
import io.sextant.jobs.cli.WarehouseOptions;
import io.sextant.jobs.lock.WaitOption;
import io.sextant.jobs.lock.WarehouseLock;
import io.sextant.jobs.spark.WarehouseRun;
import io.sextant.jobs.storage.InputFile;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.trace.format.FormatChoice;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sextant ingest}. */
@Command(
    name = "ingest",
    description =
        "Reads trace files into the warehouse; files and requests that cannot be used are"
            + " quarantined.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Files are identified by their content, so reading a file again adds nothing.",
      "Example: sextant ingest --input dumps/ --model sextant-128x8 --warehouse warehouse"
    })
public final class IngestCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private WarehouseOptions warehouse;

  @Mixin private TraceOptions traces;
  @Mixin private TokenIdsOption tokenIds;
  @Mixin private WaitOption wait;
  @Mixin private JsonOption json;

  @Override
  public Integer call() throws Exception {
    FormatChoice format = traces.format(warehouse.model());
    InputFile.requireReadable(traces.inputs());
    // Refused before Spark starts.
    wait.time();
    Progress progress = new Progress();
    String runId = RunId.now();
    return WarehouseRun.of(
        warehouse.folder(),
        Invocation.of(command),
        runId,
        progress,
        spark -> ingest(spark, format, runId, progress));
  }

  private IngestSummary locked(
      SparkSession spark, FormatChoice format, String runId, Progress progress) throws IOException {
    // Listed before the lock creates a folder, so that a mistyped path does not become a warehouse.
    List<InputFile> found = InputFile.list(traces.inputs());
    try (WarehouseLock lock =
        WarehouseLock.acquire(warehouse.folder(), runId, "ingest", wait.time(), progress)) {
      return new IngestJob(spark, warehouse.model(), warehouse.folder(), runId, progress)
          .keepTokenIds(tokenIds.kept())
          .under(lock)
          .runOn(found, MapInForce.beside(format, warehouse.folder(), warehouse.model()));
    }
  }

  private void ingest(SparkSession spark, FormatChoice format, String runId, Progress progress)
      throws IOException {
    IngestSummary summary = locked(spark, format, runId, progress);
    json.print(summary.text(), summary::json);
    if (summary.nothingUsable()) {
      throw InvalidInputException.of(
          String.join(" ", traces.inputs()),
          summary.whyNothing(),
          summary.quarantinedFiles() > 0
              ? "See the reasons above and the quarantine table in " + warehouse.folder()
              : "Check that --input names traces of --model");
    }
  }
}
