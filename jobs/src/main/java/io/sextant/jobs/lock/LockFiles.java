package io.sextant.jobs.lock;

import io.sextant.jobs.storage.StoreFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.Path;

/** The numbered files of a {@link WarehouseLock}; each names the run that created it. */
final class LockFiles {
  private static final String PREFIX = "refresh-";
  private static final String SUFFIX = ".json";

  private final StoreFiles files;
  private final Path folder;

  LockFiles(StoreFiles files, Path folder) {
    this.files = files;
    this.folder = folder;
  }

  /** Folder of the warehouse, for messages. */
  Path warehouse() {
    return folder.getParent();
  }

  /** Whether the storage can rename, and so create a file exclusively. */
  boolean renames() {
    return files.renames();
  }

  /** The highest number of a file; 0 if there is none. */
  long highest() throws IOException {
    long highest = 0;
    for (String name : files.names(folder)) {
      highest = Math.max(highest, numberOf(name));
    }
    return highest;
  }

  /** The run that a file names; empty if the file is missing or not complete yet. */
  Optional<LockHolder> holder(long number) throws IOException {
    try {
      return LockHolder.parse(files.read(file(number)));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /**
   * How long ago a file was last written, in milliseconds, by the clock of the storage: that of
   * this machine may differ.
   *
   * @throws FileNotFoundException if it is gone
   */
  long ageMillis(long number) throws IOException {
    Path now = new Path(folder, "now-" + UUID.randomUUID());
    files.write(now, new byte[0]);
    try {
      return files.modifiedMillis(now) - files.modifiedMillis(file(number));
    } finally {
      files.delete(now);
    }
  }

  /** Creates a file if there is none with its number; returns whether it did. */
  boolean createNew(long number, LockHolder holder) throws IOException {
    return files.createNew(file(number), holder.toJson());
  }

  void replace(long number, LockHolder holder) throws IOException {
    files.replace(file(number), holder.toJson());
  }

  void delete(long number) throws IOException {
    files.delete(file(number));
  }

  /** Deletes the files with lower numbers and what dead runs wrote aside. */
  void deleteBefore(long number) throws IOException {
    for (String name : files.names(folder)) {
      if (numberOf(name) < number) {
        files.delete(new Path(folder, name));
      }
    }
    // Another run may be writing its own file at this moment.
    files.deleteAsides(folder, WarehouseLock.STALE);
  }

  private static long numberOf(String name) {
    return name.matches(PREFIX + "\\d{1,18}" + SUFFIX.replace(".", "\\."))
        ? Long.parseLong(name.substring(PREFIX.length(), name.length() - SUFFIX.length()))
        : 0;
  }

  private Path file(long number) {
    return new Path(folder, String.format(Locale.ROOT, "%s%08d%s", PREFIX, number, SUFFIX));
  }
}
