package io.sextant.jobs.storage;

import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;

/**
 * Lists local files. Hadoop's client is not used, because it refuses colons in names and compares
 * files with a checksum file that may belong to an earlier file of the same name.
 */
public final class LocalFiles {

  private LocalFiles() {}

  /** Receives each file that is found. */
  @FunctionalInterface
  public interface Found {
    /**
     * @param bytes length of the file
     */
    void accept(Path file, long bytes);
  }

  /**
   * Lists all files at or below a path, in no order. Links are followed; a link to a folder that
   * contains the link is skipped.
   *
   * @throws InvalidInputException if something below the path is neither a file nor a folder, or
   *     its name is not text
   * @throws IOException if a folder or link cannot be read
   */
  public static void list(Path path, Found found) throws IOException {
    Files.walkFileTree(
        path, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new Visitor(found));
  }

  private static final class Visitor extends SimpleFileVisitor<Path> {
    private final Found found;

    Visitor(Found found) {
      this.found = found;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      requireText(file);
      if (attributes.isSymbolicLink()) {
        throw InvalidInputException.of(
            file.toString(),
            "it is a link to %s, which does not exist".formatted(Files.readSymbolicLink(file)),
            "Remove or correct the link");
      }
      if (!attributes.isRegularFile()) {
        // Opening a pipe would wait for a writer that never comes.
        throw InvalidInputException.of(
            file.toString(),
            "it is a pipe, socket or device, and input files are read twice",
            "Write its output to a file");
      }
      found.accept(file, attributes.size());
      return FileVisitResult.CONTINUE;
    }

    /** Executors and tables identify a file by its name as text. */
    private static void requireText(Path file) {
      boolean text;
      try {
        text = file.equals(Path.of(file.toString()));
      } catch (InvalidPathException e) {
        text = false;
      }
      if (!text) {
        throw InvalidInputException.of(
            file.toString(),
            "its name has bytes that are not " + System.getProperty("sun.jnu.encoding"),
            "Rename it, or set LC_ALL to the locale that it was written in");
      }
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (e instanceof FileSystemLoopException) {
        return FileVisitResult.CONTINUE;
      }
      throw e;
    }
  }
}
