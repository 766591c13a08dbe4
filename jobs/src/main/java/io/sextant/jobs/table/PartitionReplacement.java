package io.sextant.jobs.table;

import io.sextant.jobs.snapshot.SnapshotChange;
import io.sextant.jobs.storage.Storage;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Replaces partitions of a table. New files are first written to a staging folder, {@code
 * _staging-*}, which readers of the table do not see, and then replace the content of their
 * partitions. A crash before {@link #commit} changes nothing but leaves the staging folder, which
 * {@link #begin} removes when it is a day old.
 */
public final class PartitionReplacement implements Closeable {
  private static final String STAGING = "_staging-";

  /** No command takes this long, so an older folder belongs to a command that died. */
  private static final Duration DEAD = Duration.ofDays(1);

  private final FileSystem fileSystem;
  private final Path folder;
  private final Path staging;

  private PartitionReplacement(FileSystem fileSystem, Path folder, Path staging) {
    this.fileSystem = fileSystem;
    this.folder = folder;
    this.staging = staging;
  }

  /**
   * @param folder folder of the table
   */
  public static PartitionReplacement begin(String folder) throws IOException {
    Path path = Storage.path(folder);
    FileSystem fileSystem = Storage.fileSystem(path);
    Path table = fileSystem.makeQualified(path);
    sweep(fileSystem, table);
    return new PartitionReplacement(
        fileSystem, table, new Path(table, STAGING + UUID.randomUUID()));
  }

  private static void sweep(FileSystem fileSystem, Path table) throws IOException {
    long dead = System.currentTimeMillis() - DEAD.toMillis();
    // Listed instead of matched by a pattern, because the table's path may contain '*' or '['.
    for (FileStatus folder :
        fileSystem.exists(table) ? fileSystem.listStatus(table) : new FileStatus[0]) {
      if (folder.getPath().getName().startsWith(STAGING)
          && lastWritten(fileSystem, folder) < dead) {
        fileSystem.delete(folder.getPath(), true);
      }
    }
  }

  /**
   * When a file below a folder was last written, in milliseconds since 1970. The folder's own time
   * counts only if it has no files: object stores have no folders, and s3a gives them the present
   * time.
   */
  private static long lastWritten(FileSystem fileSystem, FileStatus folder) throws IOException {
    long last = -1;
    try {
      RemoteIterator<LocatedFileStatus> files = fileSystem.listFiles(folder.getPath(), true);
      while (files.hasNext()) {
        last = Math.max(last, files.next().getModificationTime());
      }
    } catch (FileNotFoundException e) {
      // A command that is running has just removed it.
      return Long.MAX_VALUE;
    }
    return last >= 0 ? last : folder.getModificationTime();
  }

  /** The folder to write to, with the partitions below it. */
  public String staging() {
    return staging.toString();
  }

  /**
   * Replaces the content of the files' partitions by the files.
   *
   * @param files paths below {@link #staging}; other files there are leftovers of attempts that
   *     died
   */
  public void commit(List<String> files) throws IOException {
    Set<Path> partitions = new LinkedHashSet<>();
    for (String file : files) {
      partitions.add(place(file).getParent());
    }
    for (Path partition : partitions) {
      if (!partition.equals(folder)) {
        fileSystem.delete(partition, true);
      }
    }
    add(files);
  }

  /**
   * Like {@link #commit(List)}, as a part of a snapshot.
   *
   * @param change receives the change of the table
   */
  public void commit(List<String> files, SnapshotChange change) throws IOException {
    commit(files);
    int prefix = folder.toUri().getPath().length() + 1;
    List<String> places = new ArrayList<>();
    Set<String> partitions = new LinkedHashSet<>();
    for (String file : files) {
      String place = place(file).toUri().getPath().substring(prefix);
      places.add(place);
      partitions.add(place.substring(0, place.lastIndexOf('/')));
    }
    change.replaced(folder.getName(), partitions, places);
  }

  /**
   * Adds files to their partitions.
   *
   * @param files paths below {@link #staging}, with names that no other file has
   */
  void add(List<String> files) throws IOException {
    for (String file : files) {
      fileSystem.mkdirs(place(file).getParent());
    }
    List<String> refused = new ArrayList<>();
    for (String file : files) {
      if (!fileSystem.rename(new Path(file), place(file))) {
        refused.add(file);
      }
    }
    if (!refused.isEmpty()) {
      throw new IOException("Cannot rename " + String.join(", ", refused));
    }
  }

  /**
   * Adds files to their partitions, each in place of the file with the same name.
   *
   * @param files paths below {@link #staging}
   */
  void replaceFiles(List<String> files) throws IOException {
    for (String file : files) {
      fileSystem.delete(place(file), false);
    }
    add(files);
  }

  private Path place(String file) {
    String below = new Path(file).toUri().getPath();
    return new Path(folder, below.substring(staging.toUri().getPath().length() + 1));
  }

  @Override
  public void close() throws IOException {
    fileSystem.delete(staging, true);
  }
}
