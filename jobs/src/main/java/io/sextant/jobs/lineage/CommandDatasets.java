package io.sextant.jobs.lineage;

import io.sextant.jobs.cli.Invocation;
import io.sextant.jobs.cli.RunNotes;
import io.sextant.jobs.storage.WarehouseSchema;
import io.sextant.schema.table.PrecisionTables;
import io.sextant.schema.table.TableDefinition;
import io.sextant.schema.table.TraceTables;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a command reads and writes: the files of its options, and tables of its warehouse.
 *
 * @param command the command with its options
 */
record CommandDatasets(Invocation command) {
  private static final List<String> INPUT_OPTIONS =
      List.of(
          "--input",
          "--runs",
          "--importance",
          "--outcomes",
          "--held-out",
          "--times",
          "--placement",
          "--plan",
          "--current",
          "--groups");

  private static final List<String> OUTPUT_OPTIONS = List.of("--out", "--work", "--routes");

  private static final List<TableDefinition<?>> TRACES =
      List.of(TraceTables.TRACES, TraceTables.REQUESTS, TraceTables.LOAD_COUNTS);

  /** Commands that change any table of a warehouse. */
  private static final Set<String> REWRITES = Set.of("upgrade", "expire");

  /** The tables that each command reads. Each of these commands sends events. */
  private static final Map<String, List<TableDefinition<?>>> READ =
      Map.ofEntries(
          Map.entry("ingest", List.of()),
          Map.entry("analyze", List.of(TraceTables.TRACES, TraceTables.LOAD_COUNTS)),
          Map.entry("solve", TRACES),
          Map.entry("compare", List.of(TraceTables.TRACES)),
          Map.entry("price", List.of(TraceTables.TRACES)),
          Map.entry("outage", List.of(TraceTables.TRACES)),
          Map.entry("refresh", TRACES),
          Map.entry("evaluate", List.of()),
          Map.entry("route", List.of()),
          Map.entry("export", List.of()),
          Map.entry("report", List.of()),
          Map.entry("rollback", List.of()),
          Map.entry("upgrade", List.of()),
          Map.entry("expire", List.of()),
          Map.entry("probe", List.of()),
          Map.entry("dispatch", List.of(PrecisionTables.PRECISION_SITES)),
          Map.entry("sparsity", List.of()),
          Map.entry("scaling", List.of()));

  /** Whether events are sent for a command. */
  static boolean sentFor(String command) {
    return READ.containsKey(command);
  }

  /**
   * A dataset.
   *
   * @param name its name
   * @param table the table that it is; empty if it is a file or folder
   * @param version the id of the plan that it is; empty if it is none
   */
  record Named(DatasetName name, Optional<TableDefinition<?>> table, Optional<String> version) {
    private static Named file(String path) {
      return new Named(DatasetName.of(path), Optional.empty(), Optional.empty());
    }
  }

  Set<Named> inputs() {
    Set<Named> inputs = files(INPUT_OPTIONS);
    for (TableDefinition<?> table : READ.get(command.name())) {
      warehouse().ifPresent(folder -> inputs.add(table(folder, table)));
    }
    if (command.name().equals("report") || REWRITES.contains(command.name())) {
      warehouse().ifPresent(folder -> inputs.add(Named.file(folder)));
    }
    return inputs;
  }

  /** What the command has written; known when it has ended. */
  Set<Named> outputs() {
    Set<Named> outputs = files(OUTPUT_OPTIONS);
    RunNotes notes = command.notes();
    for (String written : notes.tables()) {
      TableDefinition<?> table = WarehouseSchema.definition(written);
      warehouse().ifPresent(folder -> outputs.add(table(folder, table)));
    }
    notes
        .plan()
        .ifPresent(
            plan ->
                outputs.add(
                    new Named(
                        DatasetName.of(plan.path()), Optional.empty(), Optional.of(plan.id()))));
    if (REWRITES.contains(command.name())) {
      warehouse().ifPresent(folder -> outputs.add(Named.file(folder)));
    }
    if (command.name().equals("rollback")) {
      for (String model : command.values().getOrDefault("--model", List.of())) {
        warehouse().ifPresent(folder -> outputs.add(Named.file(folder + "/published/" + model)));
      }
    }
    return outputs;
  }

  private Set<Named> files(List<String> options) {
    Set<Named> files = new LinkedHashSet<>();
    for (String option : options) {
      for (String path : command.values().getOrDefault(option, List.of())) {
        // "linear" and "linear-without-copies" stand for maps that are in no file.
        if (!option.equals("--placement") || !path.matches("linear(-without-copies)?")) {
          files.add(Named.file(path));
        }
      }
    }
    return files;
  }

  private Optional<String> warehouse() {
    return command.values().getOrDefault("--warehouse", List.of()).stream().findFirst();
  }

  private static Named table(String warehouse, TableDefinition<?> table) {
    return new Named(
        DatasetName.of(warehouse).child(table.name()), Optional.of(table), Optional.empty());
  }
}
