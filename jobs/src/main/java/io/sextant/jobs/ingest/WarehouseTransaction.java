package io.sextant.jobs.ingest;

import io.sextant.schema.InvalidInputException;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Adds files to several tables of a warehouse so that a crash at any moment leaves all of them or
 * none.
 *
 * <p>Everything is written below {@code _staging/<run>/}. {@link #commit} makes the marker file
 * {@code COMMIT} there: from then on the run counts, and its files are renamed into their tables,
 * the {@code files} table last. {@link #begin} of the next run finishes the renames of a run that
 * has the marker, and removes the staging of one that has not and whose process is gone.
 */
final class WarehouseTransaction implements Closeable {
  private static final String STAGING = "_staging";
  private static final String OWNER = "OWNER";
  private static final String COMMIT = "COMMIT";
  private static final String LAST_TABLE = "files";

  private final FileSystem fileSystem;
  private final Path warehouse;
  private final Path staging;

  private WarehouseTransaction(FileSystem fileSystem, Path warehouse, Path staging) {
    this.fileSystem = fileSystem;
    this.warehouse = warehouse;
    this.staging = staging;
  }

  /**
   * Cleans up after runs that died, then starts a new one.
   *
   * @throws InvalidInputException where another run is at work on the warehouse
   */
  static WarehouseTransaction begin(String warehouse, String runId) throws IOException {
    Path root = new Path(warehouse);
    FileSystem fileSystem = root.getFileSystem(new Configuration());
    for (Path left : children(fileSystem, new Path(root, STAGING))) {
      WarehouseTransaction former = new WarehouseTransaction(fileSystem, root, left);
      if (fileSystem.exists(new Path(left, COMMIT))) {
        former.publish();
      } else {
        former.requireDead();
      }
      former.close();
    }
    Path staging = new Path(root, STAGING + "/" + runId);
    WarehouseTransaction transaction = new WarehouseTransaction(fileSystem, root, staging);
    transaction.write(OWNER, ProcessHandle.current().pid() + " " + host());
    return transaction;
  }

  /** Folder to write a table's new files to, partitions below it. */
  Path stagedTable(String table) {
    return new Path(staging, table);
  }

  /** The point of no return: the run's files are part of the warehouse from here on. */
  void commit() throws IOException {
    Path aside = new Path(staging, "_" + COMMIT);
    try (FSDataOutputStream out = fileSystem.create(aside, true)) {
      out.hsync();
    }
    rename(aside, new Path(staging, COMMIT));
    publish();
  }

  private void publish() throws IOException {
    List<Path> tables = new ArrayList<>();
    Path last = null;
    for (Path table : children(fileSystem, staging)) {
      if (table.getName().equals(LAST_TABLE)) {
        last = table;
      } else if (fileSystem.getFileStatus(table).isDirectory()) {
        tables.add(table);
      }
    }
    if (last != null) {
      tables.add(last);
    }
    for (Path table : tables) {
      Path target = new Path(warehouse, table.getName());
      for (Path file : dataFiles(table)) {
        String below = table.toUri().relativize(file.toUri()).getPath();
        Path to = new Path(target, below);
        fileSystem.mkdirs(to.getParent());
        rename(file, to);
      }
    }
  }

  private List<Path> dataFiles(Path table) throws IOException {
    List<Path> files = new ArrayList<>();
    RemoteIterator<LocatedFileStatus> found = fileSystem.listFiles(table, true);
    while (found.hasNext()) {
      Path file = found.next().getPath();
      if (file.getName().endsWith(".parquet")) {
        files.add(file);
      }
    }
    files.sort(null);
    return files;
  }

  private void rename(Path from, Path to) throws IOException {
    if (!fileSystem.rename(from, to)) {
      throw new IOException("Cannot rename " + from + " to " + to);
    }
  }

  private void requireDead() throws IOException {
    String owner = read(OWNER);
    int space = owner.indexOf(' ');
    boolean here = space > 0 && owner.substring(space + 1).equals(host());
    boolean alive =
        space > 0
            && (!here
                || ProcessHandle.of(Long.parseLong(owner.substring(0, space)))
                    .map(ProcessHandle::isAlive)
                    .orElse(false));
    if (alive && !owner.equals(ProcessHandle.current().pid() + " " + host())) {
      throw InvalidInputException.of(
          warehouse.toString(),
          "another ingest is at work on it (process and host: %s)".formatted(owner),
          "Wait for it; if it is dead, remove " + staging);
    }
  }

  private void write(String name, String text) throws IOException {
    try (FSDataOutputStream out = fileSystem.create(new Path(staging, name), true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private String read(String name) throws IOException {
    try (FSDataInputStream in = fileSystem.open(new Path(staging, name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (FileNotFoundException e) {
      return "";
    }
  }

  private static String host() throws IOException {
    return InetAddress.getLocalHost().getHostName();
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

  /** Removes the staging; before {@link #commit} this undoes the run. */
  @Override
  public void close() throws IOException {
    fileSystem.delete(staging, true);
  }
}
