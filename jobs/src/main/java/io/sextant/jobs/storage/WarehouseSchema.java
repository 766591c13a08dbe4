package io.sextant.jobs.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.table.Column;
import io.sextant.schema.table.TableDefinition;
import io.sextant.schema.table.TableHistory;
import io.sextant.schema.table.TableHistory.TableVersion;
import io.sextant.schema.table.Tables;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;

/**
 * The version of the schema of each table of a warehouse, in the file {@value #FILE}. A table that
 * the file does not name is of version 1, which was written before there was such a file.
 */
public final class WarehouseSchema {
  private static final String FILE = "_schema.json";
  private static final String TABLES = "tables";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final StoreFiles files;
  private final Path root;
  private final String warehouse;

  /** The versions of the tables that exist. */
  private final Map<String, Integer> versions;

  private WarehouseSchema(
      StoreFiles files, Path root, String warehouse, Map<String, Integer> versions) {
    this.files = files;
    this.root = root;
    this.warehouse = warehouse;
    this.versions = versions;
  }

  /** The versions of a warehouse's tables; none if there is no such warehouse yet. */
  public static WarehouseSchema of(String warehouse) throws IOException {
    Path root = Storage.path(warehouse);
    StoreFiles files = StoreFiles.of(root);
    Map<String, Integer> stamped = stamped(files, root, warehouse);
    Map<String, Integer> versions = new TreeMap<>();
    for (String name : files.names(root)) {
      if (Tables.all().stream().anyMatch(table -> table.name().equals(name))) {
        versions.put(name, stamped.getOrDefault(name, 1));
      }
    }
    return new WarehouseSchema(files, root, warehouse, versions);
  }

  private static Map<String, Integer> stamped(StoreFiles files, Path root, String warehouse)
      throws IOException {
    Map<String, Integer> stamped = new TreeMap<>();
    try {
      JsonNode tables = JSON.readTree(files.read(new Path(root, FILE))).path(TABLES);
      tables.fields().forEachRemaining(one -> stamped.put(one.getKey(), one.getValue().asInt()));
    } catch (FileNotFoundException e) {
      return stamped;
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw InvalidInputException.of(
          warehouse + "/" + FILE, "it is not JSON", "Restore it from a copy", e);
    }
    return stamped;
  }

  /** The version of each table that exists. */
  public Map<String, Integer> versions() {
    return Map.copyOf(versions);
  }

  /**
   * Checks a local warehouse before Spark starts; other storage needs the settings of the session.
   *
   * @throws InvalidInputException as {@link #requireReadable()}, or if it is not a folder
   */
  public static void requireReadableIfLocal(String warehouse) throws IOException {
    java.nio.file.Path local = Storage.local(warehouse).orElse(null);
    if (local == null) {
      return;
    }
    if (Files.exists(local) && !Files.isDirectory(local)) {
      throw InvalidInputException.of(
          warehouse, "it is not a folder", "Name a folder for the warehouse");
    }
    of(warehouse).requireReadable();
  }

  /**
   * Checks like {@link #requireReadableIfLocal}, and that the warehouse can be written to.
   *
   * @throws IOException if a local warehouse is read-only
   */
  public static void requireWritableIfLocal(String warehouse) throws IOException {
    requireReadableIfLocal(warehouse);
    OutputCheck.requireWarehouseIfLocal(warehouse);
  }

  /**
   * Checks that this program can read and write the tables.
   *
   * @throws InvalidInputException if a table is newer than the program, or so old that {@code
   *     upgrade} must change it first
   */
  public void requireReadable() {
    for (Map.Entry<String, Integer> table : versions.entrySet()) {
      String where = warehouse + "/" + table.getKey();
      int current = TableHistory.current(table.getKey());
      if (table.getValue() > current) {
        throw InvalidInputException.of(
            where,
            "version %d of its schema is newer than this program, which knows %d"
                .formatted(table.getValue(), current),
            "Use the program that wrote it, or a newer one");
      }
      List<String> lacking = lacking(definition(table.getKey()), table.getValue());
      if (!lacking.isEmpty()) {
        throw InvalidInputException.of(
            where,
            "version %d of its schema has no %s"
                .formatted(table.getValue(), String.join(", ", lacking)),
            "Run sextant upgrade --warehouse " + warehouse);
      }
    }
  }

  /** The definition of a table that exists in this program. */
  public static TableDefinition<?> definition(String table) {
    return Tables.all().stream()
        .filter(known -> known.name().equals(table))
        .findFirst()
        .orElseThrow();
  }

  /** The columns that may not be null and that a version of a table does not have. */
  public static List<String> lacking(TableDefinition<?> table, int version) {
    List<TableVersion> history = TableHistory.of(table.name());
    List<String> had =
        history.stream()
            .filter(known -> known.number() == version)
            .findFirst()
            .map(TableVersion::columns)
            .orElseGet(() -> table.columns().stream().map(Column::name).toList());
    List<String> lacking = new ArrayList<>();
    for (Column column : table.columns()) {
      if (!column.nullable() && !had.contains(column.name())) {
        lacking.add(column.name());
      }
    }
    return lacking;
  }

  /** Records the version of the tables that were written for the first time since {@link #of}. */
  public void stampNewTables() throws IOException {
    Map<String, Integer> all = new TreeMap<>(stamped(files, root, warehouse));
    int before = all.size();
    for (String name : files.names(root)) {
      if (!versions.containsKey(name)
          && Tables.all().stream().anyMatch(table -> table.name().equals(name))) {
        all.putIfAbsent(name, TableHistory.current(name));
      }
    }
    if (all.size() > before) {
      write(all);
    }
  }

  /** Records the version of one table. */
  public void stamp(String table, int version) throws IOException {
    Map<String, Integer> all = new TreeMap<>(stamped(files, root, warehouse));
    all.put(table, version);
    versions.put(table, version);
    write(all);
  }

  private void write(Map<String, Integer> all) throws IOException {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    ObjectNode tables = document.putObject(TABLES);
    all.forEach(tables::put);
    files.replace(
        new Path(root, FILE), (document.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
