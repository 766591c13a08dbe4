package io.sextant.jobs.table;

import io.sextant.jobs.snapshot.TableView;
import io.sextant.jobs.storage.Storage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A part of a file of a table with one partition per day: the row groups whose middle lies in it.
 *
 * @param day yyyy-MM-dd
 * @param start first byte
 * @param bytes length
 */
public record TableSplit(String path, String day, long start, long bytes) implements Serializable {
  private static final String DAY = "day=";

  /** Maximum size of a table's row group. */
  private static final long SPLIT_BYTES = 64L << 20;

  /** Smaller parts are not worth a task of their own. */
  private static final long LEAST_TASK_BYTES = 16L << 20;

  /**
   * Divides the files of a model's days into tasks: four per core, so that no core waits long for
   * the last task, unless that makes tasks too small or too large.
   *
   * @param table the table
   * @param from first day; null for the first available day
   * @param to last day; null for the last available day
   * @param cores number of tasks that run at once
   * @param mostTaskBytes maximum size of a task, if the caller wants smaller tasks
   * @return the parts of each task, sorted by day and name; the flattened order is the same on any
   *     number of cores
   */
  public static List<List<TableSplit>> tasks(
      TableView table, String model, String from, String to, int cores, long mostTaskBytes)
      throws IOException {
    List<TableSplit> splits = splits(table, model, from, to);
    long all = splits.stream().mapToLong(TableSplit::bytes).sum();
    long target = Math.min(mostTaskBytes, Math.max(LEAST_TASK_BYTES, all / (4L * cores)));
    List<List<TableSplit>> tasks = new ArrayList<>();
    long bytes = target;
    for (TableSplit split : splits) {
      if (bytes + split.bytes() > target) {
        tasks.add(new ArrayList<>());
        bytes = 0;
      }
      tasks.get(tasks.size() - 1).add(split);
      bytes += split.bytes();
    }
    return tasks;
  }

  /**
   * The parts of the files of a model's days, sorted by day and name.
   *
   * @param from first day; null for the first available day
   * @param to last day; null for the last available day
   */
  public static List<TableSplit> splits(TableView table, String model, String from, String to)
      throws IOException {
    Path folder = new Path(table.folder(), "model=" + model);
    FileSystem fileSystem = Storage.fileSystem(folder);
    List<TableSplit> splits = new ArrayList<>();
    for (FileStatus partition : list(fileSystem, folder)) {
      String name = partition.getPath().getName();
      String day = name.startsWith(DAY) ? name.substring(DAY.length()) : "";
      if (day.isEmpty()
          || (from != null && day.compareTo(from) < 0)
          || (to != null && day.compareTo(to) > 0)) {
        continue;
      }
      for (FileStatus file : list(fileSystem, partition.getPath())) {
        if (table.has(file.getPath().getName())) {
          for (long start = 0; start < file.getLen(); start += SPLIT_BYTES) {
            long bytes = Math.min(SPLIT_BYTES, file.getLen() - start);
            splits.add(new TableSplit(file.getPath().toString(), day, start, bytes));
          }
        }
      }
    }
    return splits;
  }

  private static List<FileStatus> list(FileSystem fileSystem, Path folder) throws IOException {
    try {
      List<FileStatus> children = new ArrayList<>(List.of(fileSystem.listStatus(folder)));
      children.sort(null);
      return children;
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }
}
