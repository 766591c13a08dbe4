package io.sextant.jobs.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Checks that results can be written, before the work of minutes that makes them. Other storage
 * than local disks needs the settings of the Spark session, and is not checked.
 */
public final class OutputCheck {
  private OutputCheck() {}

  /**
   * Checks a folder for outputs, or the nearest folder above it that exists.
   *
   * @throws IOException if it cannot be written to, or is not a folder
   */
  public static void requireFolder(Path folder) throws IOException {
    Path nearest = folder.toAbsolutePath().normalize();
    while (nearest.getParent() != null && !Files.exists(nearest)) {
      nearest = nearest.getParent();
    }
    if (!Files.isDirectory(nearest)) {
      throw new NotDirectoryException(nearest.toString());
    }
    if (!Files.isWritable(nearest)) {
      throw new AccessDeniedException(nearest.toString(), null, "it is read-only");
    }
  }

  /**
   * Checks an output file: the file if it exists, else its folder.
   *
   * @throws IOException if it cannot be written, or is a folder
   */
  public static void requireFile(Path file) throws IOException {
    Path absolute = file.toAbsolutePath().normalize();
    if (Files.isDirectory(absolute)) {
      throw new FileSystemException(absolute.toString(), null, "it is a folder");
    }
    if (Files.exists(absolute)) {
      if (!Files.isWritable(absolute)) {
        throw new AccessDeniedException(absolute.toString(), null, "it is read-only");
      }
      return;
    }
    requireFolder(absolute.getParent() == null ? absolute : absolute.getParent());
  }

  /**
   * Checks a warehouse if it is local.
   *
   * @throws IOException if it cannot be written to
   */
  static void requireWarehouseIfLocal(String warehouse) throws IOException {
    Optional<Path> local = Storage.local(warehouse);
    if (local.isPresent()) {
      requireFolder(local.get());
    }
  }
}
