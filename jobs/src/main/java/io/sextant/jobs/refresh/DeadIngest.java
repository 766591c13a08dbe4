package io.sextant.jobs.refresh;

import io.sextant.jobs.publish.WarehouseLock;
import io.sextant.jobs.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Removes the ingest staging of a refresh that died on another machine. Ingest alone cannot know
 * that a process on another machine is gone, but the run that took over the dead run's lock does.
 */
final class DeadIngest {
  private static final String STAGING = "_staging";
  private static final String OWNER = "OWNER";

  private DeadIngest() {}

  static void free(String warehouse, WarehouseLock.DeadRun dead) throws IOException {
    Path folder = new Path(Storage.path(warehouse), STAGING);
    FileSystem fileSystem = Storage.fileSystem(folder);
    if (!fileSystem.exists(folder)) {
      return;
    }
    String owner = dead.pid() + " " + dead.host();
    for (FileStatus staged : fileSystem.listStatus(folder)) {
      Path file = new Path(staged.getPath(), OWNER);
      if (fileSystem.exists(file) && read(fileSystem, file).equals(owner)) {
        fileSystem.delete(file, false);
      }
    }
  }

  private static String read(FileSystem fileSystem, Path file) throws IOException {
    try (FSDataInputStream in = fileSystem.open(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
