package io.sextant.schema.table;

import static io.sextant.schema.table.ColumnType.DOUBLE;
import static io.sextant.schema.table.ColumnType.LONG;
import static io.sextant.schema.table.ColumnType.STRING;
import static io.sextant.schema.table.Columns.RUN_ID;
import static io.sextant.schema.table.Columns.column;
import static io.sextant.schema.table.Columns.nullable;

import java.util.List;

/** The table to which every command on a warehouse adds a row. */
public final class RunTables {
  public static final TableDefinition<RunRow> RUNS =
      new TableDefinition<>(
          RunRow.class,
          "runs",
          "a run of a command",
          List.of(),
          List.of(
              RUN_ID,
              column("command", STRING, "", "name of the command"),
              column(
                  "started_ms",
                  LONG,
                  "milliseconds since 1970 UTC",
                  "time at which the run started"),
              column("seconds", DOUBLE, "seconds", "duration of the run"),
              column("arguments", STRING, "", "command line of the run"),
              column("status", STRING, "", "status at the end of the run"),
              nullable(
                  "descriptions",
                  STRING,
                  "",
                  "file that each description of a model, cluster, serving profile or packaging came from")));

  /** A row of {@link #RUNS}. */
  public record RunRow(
      String runId,
      String command,
      long startedMs,
      double seconds,
      String arguments,
      String status,
      String descriptions) {}

  private RunTables() {}
}
