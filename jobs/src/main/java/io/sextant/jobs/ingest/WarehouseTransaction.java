package io.sextant.jobs.ingest;

import io.sextant.jobs.snapshot.SnapshotChange;
import io.sextant.jobs.storage.Storage;
import io.sextant.schema.table.TraceTables;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.StreamCapabilities;

/**
 * Adds files to several tables of a warehouse so that a crash at any moment leaves all of them or
 * none.
 *
 * <p>Everything is written below {@code _staging/<run>/}. {@link #commit} makes the marker file
 * {@code COMMIT} there, which lists the run's files. From then on the run is part of the warehouse,
 * and the files are renamed into their tables, those of the {@code files} table last. {@link
 * #begin} of the next run finishes the renames of a run that has the marker, and removes the
 * staging folder of a run that has no marker. The {@link io.sextant.jobs.lock.WarehouseLock} must
 * be held, so the other run is dead.
 */
final class WarehouseTransaction implements Closeable {
  private static final String STAGING = "_staging";
  private static final String COMMIT = "COMMIT";

  private final FileSystem fileSystem;
  private final Path warehouse;
  private final Path staging;
  private boolean committed;
  private boolean published;

  private WarehouseTransaction(FileSystem fileSystem, Path warehouse, Path staging) {
    this.fileSystem = fileSystem;
    this.warehouse = warehouse;
    this.staging = staging;
  }

  /** Cleans up after runs that died, then starts a new one. */
  static WarehouseTransaction begin(String warehouse, String runId) throws IOException {
    Path folder = Storage.path(warehouse);
    FileSystem fileSystem = Storage.fileSystem(folder);
    Path root = fileSystem.makeQualified(folder);
    for (Path left : children(fileSystem, new Path(root, STAGING))) {
      new WarehouseTransaction(fileSystem, root, left).recover();
    }
    return new WarehouseTransaction(fileSystem, root, new Path(root, STAGING + "/" + runId));
  }

  private void recover() throws IOException {
    if (fileSystem.exists(new Path(staging, COMMIT))) {
      committed = true;
      publish();
    }
    close();
  }

  /** Folder of the run's staged tables. */
  String staging() {
    return staging.toString();
  }

  /** Folder for a table's new files, with the partitions below it. */
  Path stagedTable(String table) {
    return new Path(staging, table);
  }

  /**
   * Commits the run: from here on its files are part of the warehouse.
   *
   * @param taskFiles paths of the Parquet files staged by successful task attempts; other staged
   *     files are leftovers of attempts that died
   */
  void commit(List<String> taskFiles) throws IOException {
    List<String> files = new ArrayList<>();
    for (String file : taskFiles) {
      files.add(belowStaging(new Path(file)));
    }
    for (Path table : children(fileSystem, staging)) {
      if (table.getName().equals(TraceTables.QUARANTINE.name())) {
        files.addAll(dataFiles(table));
      }
    }
    // Renamed last. The folder does not exist if every file changed while being read.
    Path known = stagedTable(TraceTables.FILES.name());
    if (fileSystem.exists(known)) {
      files.addAll(dataFiles(known));
    }
    Path aside = new Path(staging, "_" + COMMIT);
    try (FSDataOutputStream out = fileSystem.create(aside, true)) {
      out.write(String.join("\n", files).getBytes(StandardCharsets.UTF_8));
      // An object store writes the object when the stream is closed, and warns about an hsync.
      if (out.hasCapability(StreamCapabilities.HSYNC)) {
        out.hsync();
      }
    }
    rename(aside, new Path(staging, COMMIT));
    committed = true;
    publish();
  }

  private void publish() throws IOException {
    SnapshotChange change = new SnapshotChange(warehouse.toString());
    for (String file : read(COMMIT).split("\n", -1)) {
      Path from = new Path(staging, file);
      Path to = new Path(warehouse, file);
      // A file that is in its table was renamed before the process died. On an object store, where
      // a rename is a copy and a deletion, the staged file may still be there; it is removed with
      // its folder. A copy is complete when it appears.
      if (!fileSystem.exists(to)) {
        fileSystem.mkdirs(to.getParent());
        rename(from, to);
      }
      int below = file.indexOf('/');
      change.added(file.substring(0, below), List.of(file.substring(below + 1)));
    }
    change.commit();
    published = true;
  }

  private List<String> dataFiles(Path table) throws IOException {
    List<String> files = new ArrayList<>();
    RemoteIterator<LocatedFileStatus> found = fileSystem.listFiles(table, true);
    while (found.hasNext()) {
      Path file = found.next().getPath();
      if (file.getName().endsWith(".parquet")) {
        files.add(belowStaging(file));
      }
    }
    files.sort(null);
    return files;
  }

  private String belowStaging(Path file) {
    return file.toUri().getPath().substring(staging.toUri().getPath().length() + 1);
  }

  private void rename(Path from, Path to) throws IOException {
    if (!fileSystem.rename(from, to)) {
      throw new IOException("Cannot rename " + from + " to " + to);
    }
  }

  private String read(String name) throws IOException {
    try (FSDataInputStream in = fileSystem.open(new Path(staging, name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static List<Path> children(FileSystem fileSystem, Path folder) throws IOException {
    List<Path> children = new ArrayList<>();
    if (fileSystem.exists(folder)) {
      for (FileStatus child : fileSystem.listStatus(folder)) {
        children.add(child.getPath());
      }
    }
    children.sort(null);
    return children;
  }

  /**
   * Removes the staging folder, unless it still has files that must be renamed into the warehouse.
   */
  @Override
  public void close() throws IOException {
    if (!committed || published) {
      fileSystem.delete(staging, true);
    }
  }
}
