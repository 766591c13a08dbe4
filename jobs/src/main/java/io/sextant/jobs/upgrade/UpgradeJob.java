package io.sextant.jobs.upgrade;

import static org.apache.spark.sql.functions.lit;

import io.sextant.jobs.snapshot.SnapshotChange;
import io.sextant.jobs.spark.OpenSession;
import io.sextant.jobs.spark.SparkSessions;
import io.sextant.jobs.spark.SparkTables;
import io.sextant.jobs.storage.Storage;
import io.sextant.jobs.storage.StoreFiles;
import io.sextant.jobs.storage.WarehouseSchema;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.table.TableDefinition;
import io.sextant.schema.table.TableHistory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Upgrades the tables of a warehouse one by one. A table is replaced by renaming a complete new
 * folder into its place. After a crash in between, {@link #recover} restores the old table.
 */
final class UpgradeJob {
  private static final String NEW = "_upgrade-";
  private static final String OLD = "_before-upgrade-";
  private static final String ASIDE = "_set-aside";

  private final String warehouse;
  private final StoreFiles files;
  private final Path root;

  UpgradeJob(String warehouse) throws IOException {
    this.warehouse = warehouse;
    this.root = Storage.path(warehouse);
    this.files = StoreFiles.of(root);
  }

  /**
   * What has to be done, by table.
   *
   * @throws InvalidInputException if a table is newer than the program
   */
  List<TableUpgrade> plan() throws IOException {
    WarehouseSchema schema = WarehouseSchema.of(warehouse);
    List<TableUpgrade> plan = new ArrayList<>();
    for (Map.Entry<String, Integer> one : new TreeMap<>(schema.versions()).entrySet()) {
      int current = TableHistory.current(one.getKey());
      if (one.getValue() > current) {
        schema.requireReadable();
      }
      if (one.getValue() < current) {
        plan.add(
            TableUpgrade.of(
                WarehouseSchema.definition(one.getKey()),
                one.getValue(),
                TableHistory.of(one.getKey())));
      }
    }
    return plan;
  }

  /**
   * Does it. Nothing is changed if a table cannot be upgraded.
   *
   * @throws InvalidInputException if a table cannot be upgraded, or the storage cannot rename
   */
  void run(List<TableUpgrade> plan) throws IOException {
    for (TableUpgrade upgrade : plan) {
      if (upgrade.action() == TableUpgrade.Action.IMPOSSIBLE) {
        throw InvalidInputException.of(
            warehouse + "/" + upgrade.table().name(),
            "it cannot be upgraded",
            upgrade.text().strip());
      }
    }
    WarehouseSchema schema = WarehouseSchema.of(warehouse);
    // First, so that after a crash no snapshot names files that are gone.
    SnapshotChange change = new SnapshotChange(warehouse);
    plan.stream()
        .filter(upgrade -> upgrade.action() != TableUpgrade.Action.NONE)
        .forEach(upgrade -> change.forget(upgrade.table().name()));
    change.commit();
    for (TableUpgrade upgrade : plan) {
      String table = upgrade.table().name();
      switch (upgrade.action()) {
        case NONE -> {}
        case REWRITE -> rewrite(upgrade);
        case ASIDE -> {
          requireRenames();
          files.makeFolder(new Path(root, ASIDE));
          files.rename(
              new Path(root, table),
              new Path(root, "%s/%s-version-%d".formatted(ASIDE, table, upgrade.from())));
        }
        default -> throw new IllegalStateException(upgrade.text());
      }
      schema.stamp(table, upgrade.to());
    }
  }

  private void rewrite(TableUpgrade upgrade) throws IOException {
    requireRenames();
    TableDefinition<?> table = upgrade.table();
    Path there = new Path(root, table.name());
    Path fresh = new Path(root, NEW + table.name());
    Path old = new Path(root, OLD + table.name());
    try (OpenSession session = SparkSessions.open()) {
      SparkSession spark = session.spark();
      Dataset<Row> rows = SparkTables.read(spark, warehouse, table).orElseThrow();
      for (Map.Entry<String, String> column : upgrade.older().entrySet()) {
        rows =
            rows.withColumn(
                column.getKey(),
                lit(column.getValue())
                    .cast(SparkTables.schema(table).apply(column.getKey()).dataType()));
      }
      rows.write()
          .partitionBy(table.partitionColumns().toArray(new String[0]))
          .parquet(fresh.toString());
    }
    files.rename(there, old);
    files.rename(fresh, there);
    files.delete(old);
  }

  /** Undoes the incomplete work of an upgrade that died. */
  void recover() throws IOException {
    for (String name : files.names(root)) {
      if (name.startsWith(OLD)) {
        Path table = new Path(root, name.substring(OLD.length()));
        if (files.exists(table)) {
          files.delete(new Path(root, name));
        } else {
          files.rename(new Path(root, name), table);
        }
      }
    }
    for (String name : files.names(root)) {
      if (name.startsWith(NEW)) {
        files.delete(new Path(root, name));
      }
    }
  }

  private void requireRenames() {
    if (!files.renames()) {
      throw InvalidInputException.of(
          warehouse,
          "an object store cannot replace a table at once",
          "Copy the warehouse to a disk, upgrade it there and copy it back");
    }
  }
}
