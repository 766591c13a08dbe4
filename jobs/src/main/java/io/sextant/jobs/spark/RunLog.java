package io.sextant.jobs.spark;

import io.sextant.jobs.cli.Invocation;
import io.sextant.jobs.storage.Storage;
import io.sextant.jobs.storage.WarehouseSchema;
import io.sextant.jobs.table.SmallTable;
import io.sextant.schema.table.RunTables;
import io.sextant.schema.table.RunTables.RunRow;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;

/** Writes a row of the {@code runs} table for each command that works on a warehouse. */
public final class RunLog {
  private final String warehouse;
  private final Invocation command;

  public RunLog(String warehouse, Invocation command) {
    this.warehouse = warehouse;
    this.command = command;
  }

  /** Does the work, then records its duration and whether it succeeded. */
  public void record(String runId, Callable<?> work) throws Exception {
    WarehouseSchema schema = WarehouseSchema.of(warehouse);
    schema.requireReadable();
    // Closed at the end, so that a failure to write the row does not hide a failure of the work.
    try (Run run = new Run(runId, schema)) {
      work.call();
      run.status = "done";
    }
  }

  private final class Run implements Closeable {
    private final String runId;
    private final WarehouseSchema schema;
    private final long started = System.currentTimeMillis();
    private final TableStates before = states();
    private String status = "failed";

    Run(String runId, WarehouseSchema schema) {
      this.runId = runId;
      this.schema = schema;
    }

    @Override
    public void close() throws IOException {
      command.notes().ran(runId, states().changedSince(before));
      append(runId, started, status);
      schema.stampNewTables();
    }
  }

  /** The files of the tables, if an observer asks which tables the run writes. */
  private TableStates states() {
    return command.notes().areWanted() ? TableStates.of(warehouse) : TableStates.NONE;
  }

  private void append(String runId, long started, String status) throws IOException {
    Path folder = Storage.path(warehouse);
    if (!Storage.fileSystem(folder).exists(folder)) {
      // A mistyped path must not become a warehouse that contains only a failed run.
      return;
    }
    SmallTable.write(
        List.of(
            new RunRow(
                runId,
                command.name(),
                started,
                (System.currentTimeMillis() - started) / 1e3,
                command.arguments(),
                status,
                String.join("; ", command.descriptions()))),
        RunTables.RUNS,
        new Path(folder, RunTables.RUNS.name()).toString());
  }
}
