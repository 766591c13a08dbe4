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
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

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
   * Lists all files at or below a path, in no order. Folders below it whose names begin with a dot
   * or an underscore are skipped, because they belong to other programs: {@code _temporary} holds
   * what a job has not finished. Links are followed; a link to a folder that contains the link is
   * skipped, and a file that can be reached in several ways is listed once.
   *
   * @throws InvalidInputException if something below the path is neither a file nor a folder, or
   *     its name is not text
   * @throws IOException if a folder or link cannot be read
   */
  public static void list(Path path, Found found) throws IOException {
    Visitor visitor = new Visitor(path, found);
    Files.walkFileTree(path, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, visitor);
    visitor.foundThroughLinks();
  }

  /** Whether a file or folder with this name is data of its owner. */
  public static boolean isVisible(String name) {
    return !name.startsWith(".") && !name.startsWith("_");
  }

  private static final class Visitor extends SimpleFileVisitor<Path> {
    private final Path root;
    private final Found found;
    private final List<Path> direct = new ArrayList<>();

    /** Lengths of the files that were reached through a link, by path. */
    private final SortedMap<Path, Long> linked = new TreeMap<>();

    /** Number of links among the folders that are being visited. */
    private int links;

    Visitor(Path root, Found found) {
      this.root = root;
      this.found = found;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      if (folder.equals(root)) {
        return FileVisitResult.CONTINUE;
      }
      if (!isVisible(folder.getFileName().toString())) {
        return FileVisitResult.SKIP_SUBTREE;
      }
      links += Files.isSymbolicLink(folder) ? 1 : 0;
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
      links -= !folder.equals(root) && Files.isSymbolicLink(folder) ? 1 : 0;
      return super.postVisitDirectory(folder, e);
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
      if (links > 0 || (!file.equals(root) && Files.isSymbolicLink(file))) {
        linked.put(file, attributes.size());
      } else {
        direct.add(file);
        found.accept(file, attributes.size());
      }
      return FileVisitResult.CONTINUE;
    }

    /** Passes on the files that were reached only through links, each under its first path. */
    void foundThroughLinks() throws IOException {
      if (linked.isEmpty()) {
        return;
      }
      Set<Path> seen = new HashSet<>();
      for (Path file : direct) {
        seen.add(file.toRealPath());
      }
      for (Map.Entry<Path, Long> file : linked.entrySet()) {
        if (seen.add(file.getKey().toRealPath())) {
          found.accept(file.getKey(), file.getValue());
        }
      }
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
