package io.sextant.jobs.upgrade;

import io.sextant.schema.table.Column;
import io.sextant.schema.table.TableDefinition;
import io.sextant.schema.table.TableHistory.TableVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The way in which one table gets to the schema that this program writes.
 *
 * @param table the definition that the program writes
 * @param from version of the table's files
 * @param to version of the definition
 * @param action what is done to the files
 * @param older the value that older rows get in columns that may not be null, by column
 */
record TableUpgrade(
    TableDefinition<?> table, int from, int to, Action action, Map<String, String> older) {
  /** Traces cannot be computed again from anything else in the warehouse. */
  private static final Set<String> SOURCES =
      Set.of("traces", "requests", "load_counts", "files", "quarantine", "runs");

  /** What is done to the files of a table. */
  enum Action {
    /** The files stay: new columns are read as null. */
    NONE,
    /** The files are written again with values for the new columns. */
    REWRITE,
    /** The table is moved aside; a command computes it again. */
    ASIDE,
    /** The files lack what cannot be computed again. */
    IMPOSSIBLE
  }

  /**
   * @param versions the versions of the table, oldest first
   */
  static TableUpgrade of(TableDefinition<?> table, int from, List<TableVersion> versions) {
    TableVersion last = versions.get(versions.size() - 1);
    List<String> had =
        versions.stream()
            .filter(version -> version.number() == from)
            .findFirst()
            .orElse(last)
            .columns();
    Map<String, String> older = new LinkedHashMap<>();
    boolean unknown = false;
    for (Column column : table.columns()) {
      if (!column.nullable() && !had.contains(column.name())) {
        String value = value(column.name(), versions);
        unknown |= value == null;
        older.put(column.name(), value);
      }
    }
    Action action =
        older.isEmpty()
            ? Action.NONE
            : !unknown
                ? Action.REWRITE
                : SOURCES.contains(table.name()) ? Action.IMPOSSIBLE : Action.ASIDE;
    return new TableUpgrade(table, from, last.number(), action, older);
  }

  private static String value(String column, List<TableVersion> versions) {
    return versions.stream()
        .map(version -> version.older().get(column))
        .filter(value -> value != null)
        .findFirst()
        .orElse(null);
  }

  /** What is done, in one line. */
  String text() {
    String what =
        switch (action) {
          case NONE -> "its files stay; new columns are empty in older rows";
          case REWRITE -> "its files are written again; older rows get " + older;
          case ASIDE ->
              "it has no "
                  + String.join(", ", older.keySet())
                  + " and is moved to _set-aside; run the command that writes it again";
          case IMPOSSIBLE ->
              "it has no "
                  + String.join(", ", older.keySet())
                  + ", which cannot be computed; ingest the traces into a new warehouse";
        };
    return "%s: version %d to %d: %s%n".formatted(table.name(), from, to, what);
  }
}
