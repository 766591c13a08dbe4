package io.sextant.jobs;

import io.sextant.jobs.table.SmallTable;
import io.sextant.schema.table.Tables;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.RowFactory;
import picocli.CommandLine.Model.CommandSpec;

/** Keeps a row of the {@code runs} table for each command that works on a warehouse. */
public final class RunLog {
  private final String warehouse;
  private final CommandSpec command;

  public RunLog(String warehouse, CommandSpec command) {
    this.warehouse = warehouse;
    this.command = command;
  }

  /** Does the work, then writes down how long it took and whether it ended well. */
  public void record(String runId, Callable<?> work) throws Exception {
    long started = System.currentTimeMillis();
    String status = "failed";
    try {
      work.call();
      status = "done";
    } finally {
      append(runId, started, status);
    }
  }

  private void append(String runId, long started, String status) throws IOException {
    Path folder = new Path(warehouse);
    if (!folder.getFileSystem(Storage.configuration()).exists(folder)) {
      // A mistyped path must not become a warehouse that holds a failed run and nothing else.
      return;
    }
    SmallTable.write(
        List.of(
            RowFactory.create(
                runId,
                command.name(),
                started,
                (System.currentTimeMillis() - started) / 1e3,
                String.join(" ", command.commandLine().getParseResult().originalArgs()),
                status)),
        Tables.RUNS,
        new Path(folder, Tables.RUNS.name()).toString());
  }
}
