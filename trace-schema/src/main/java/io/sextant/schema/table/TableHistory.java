package io.sextant.schema.table;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The columns that each table had in each version of its schema ({@code history.txt}). */
public final class TableHistory {
  private static final String FILE = "history.txt";
  private static final Map<String, List<TableVersion>> VERSIONS = read();

  private TableHistory() {}

  /**
   * A version of a table's schema.
   *
   * @param number the version, from 1
   * @param columns the columns, in order
   * @param older the value that rows of earlier versions get, by column; only for columns that may
   *     not be null
   */
  public record TableVersion(int number, List<String> columns, Map<String, String> older) {
    public TableVersion {
      columns = List.copyOf(columns);
      older = Map.copyOf(older);
    }
  }

  /** The versions of a table, oldest first; empty if the table is not known. */
  public static List<TableVersion> of(String table) {
    return VERSIONS.getOrDefault(table, List.of());
  }

  /** The version that this program writes; 1 if the table is not known. */
  public static int current(String table) {
    List<TableVersion> versions = of(table);
    return versions.isEmpty() ? 1 : versions.get(versions.size() - 1).number();
  }

  private static Map<String, List<TableVersion>> read() {
    Map<String, List<TableVersion>> versions = new HashMap<>();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                TableHistory.class.getResourceAsStream(FILE), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (!line.isBlank() && !line.startsWith("#")) {
          add(line.strip().split(" +"), versions);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return versions;
  }

  private static void add(String[] words, Map<String, List<TableVersion>> versions) {
    List<String> columns = new ArrayList<>();
    Map<String, String> older = new LinkedHashMap<>();
    for (int i = 2; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      columns.add(equals < 0 ? words[i] : words[i].substring(0, equals));
      if (equals >= 0) {
        older.put(columns.get(columns.size() - 1), words[i].substring(equals + 1));
      }
    }
    versions
        .computeIfAbsent(words[0], absent -> new ArrayList<>())
        .add(new TableVersion(Integer.parseInt(words[1]), columns, older));
  }
}
