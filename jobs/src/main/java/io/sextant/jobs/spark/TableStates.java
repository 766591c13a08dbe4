package io.sextant.jobs.spark;

import io.sextant.jobs.storage.Storage;
import io.sextant.schema.table.RunTables;
import io.sextant.schema.table.TableDefinition;
import io.sextant.schema.table.Tables;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * The files of a warehouse's tables at one moment, as a sum of hashes of their names, lengths and
 * times. The log of runs is left out, because every run writes it.
 *
 * @param sums a sum for each table that exists
 */
record TableStates(Map<String, Long> sums) {
  static final TableStates NONE = new TableStates(Map.of());

  /** The state of the tables; nothing if they cannot be listed. */
  static TableStates of(String warehouse) {
    Map<String, Long> sums = new TreeMap<>();
    try {
      Path root = Storage.path(warehouse);
      FileSystem fileSystem = Storage.fileSystem(root);
      for (TableDefinition<?> table : Tables.all()) {
        Path folder = new Path(root, table.name());
        if (!table.name().equals(RunTables.RUNS.name()) && fileSystem.exists(folder)) {
          sums.put(table.name(), sum(fileSystem.listFiles(folder, true)));
        }
      }
    } catch (IOException e) {
      return NONE;
    }
    return new TableStates(sums);
  }

  private static long sum(RemoteIterator<LocatedFileStatus> files) throws IOException {
    long sum = 0;
    while (files.hasNext()) {
      LocatedFileStatus file = files.next();
      sum +=
          31L * file.getPath().toString().hashCode()
              + 17 * file.getLen()
              + file.getModificationTime();
    }
    return sum;
  }

  /** The names of the tables that were written since another moment. */
  List<String> changedSince(TableStates before) {
    return sums.keySet().stream()
        .filter(table -> !Objects.equals(sums.get(table), before.sums.get(table)))
        .toList();
  }
}
