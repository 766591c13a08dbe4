package io.sextant.notebooks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The newest snapshot of a warehouse, which names the files of a table, so that no half of a
 * command is read.
 *
 * @param folder folder of the warehouse
 * @param file the snapshot; empty if the warehouse has none
 */
record Snapshot(Path folder, Optional<Path> file) {
  private static final String SNAPSHOTS = "_snapshots";

  static Snapshot newest(Path folder) {
    Path snapshots = folder.resolve(SNAPSHOTS);
    if (!Files.isDirectory(snapshots)) {
      return new Snapshot(folder, Optional.empty());
    }
    try (Stream<Path> files = Files.list(snapshots)) {
      return new Snapshot(
          folder,
          files
              .filter(file -> file.getFileName().toString().matches("\\d{8,18}\\.json"))
              .max((a, b) -> Long.compare(number(a), number(b))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long number(Path file) {
    String name = file.getFileName().toString();
    return Long.parseLong(name.substring(0, name.indexOf('.')));
  }

  /**
   * The argument of DuckDB's {@code read_parquet} for a table: a list of files, or a pattern if the
   * snapshot does not have the table; empty if the table has no rows.
   */
  Optional<String> files(Connection connection, String table) throws SQLException {
    List<String> lists = listOf(connection, table);
    if (lists.isEmpty()) {
      return Optional.of(quoted("%s/%s/**/*.parquet".formatted(folder, table)));
    }
    List<String> files = new ArrayList<>();
    for (String list : lists) {
      rows(
              connection,
              "SELECT file FROM read_json(%s, format = 'newline_delimited', columns = {file: 'VARCHAR'}) ORDER BY file"
                  .formatted(quoted(folder + "/" + SNAPSHOTS + "/lists/" + list)))
          .forEach(name -> files.add(quoted(folder + "/" + name)));
    }
    return files.isEmpty() ? Optional.empty() : Optional.of(files.toString());
  }

  /** The name of the table's list; none if the snapshot does not have the table. */
  private List<String> listOf(Connection connection, String table) throws SQLException {
    return file.isEmpty()
        ? List.of()
        : rows(
            connection,
            "SELECT tables ->> '%s' AS list FROM read_json(%s, columns = {tables: 'JSON'}) WHERE list IS NOT NULL"
                .formatted(table, quoted(file.get().toString())));
  }

  private static List<String> rows(Connection connection, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
