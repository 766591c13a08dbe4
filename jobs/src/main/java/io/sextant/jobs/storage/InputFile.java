package io.sextant.jobs.storage;

import io.sextant.schema.InvalidInputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * A file that a user named, or a file below a folder that a user named.
 *
 * @param path the path with its scheme, for {@link StoredFile}
 * @param bytes length as stored
 */
public record InputFile(String path, long bytes) implements Serializable {

  /**
   * All files at or below the paths, sorted by path. Files and folders in a folder whose names
   * begin with a dot or an underscore are skipped, because they belong to other programs; so are
   * files that begin with README.
   *
   * @throws InvalidInputException if a path does not exist or nothing is below any of them
   */
  public static List<InputFile> list(List<String> inputs) {
    List<InputFile> files = find(inputs);
    if (files.isEmpty()) {
      throw InvalidInputException.of(
          String.join(" ", inputs), "there are no files", "Give trace files or their folder");
    }
    return files;
  }

  /**
   * Checks local inputs before Spark starts: they exist, and every folder at or below them can be
   * listed. Other storage needs the settings of the Spark session, and is not checked.
   *
   * @throws InvalidInputException if a local path does not exist, or a folder cannot be listed
   */
  public static void requireListable(List<String> inputs) {
    find(local(inputs));
  }

  /**
   * Checks local inputs like {@link #requireListable}, and that every file can be read. If all
   * inputs are local, there must be at least one file.
   *
   * @throws InvalidInputException that names the path which fails
   */
  public static void requireReadable(List<String> inputs) {
    List<String> local = local(inputs);
    List<InputFile> files = local.size() == inputs.size() ? list(local) : find(local);
    for (InputFile file : files) {
      if (!Files.isReadable(Storage.local(file.path()).orElseThrow())) {
        throw InvalidInputException.of(
            file.shown(), "cannot be read: permission denied", "Check its permissions");
      }
    }
  }

  private static List<String> local(List<String> inputs) {
    return inputs.stream().filter(input -> Storage.local(input).isPresent()).toList();
  }

  /**
   * Like {@link #list}, for a folder that may be empty.
   *
   * @throws InvalidInputException if a path does not exist
   */
  public static List<InputFile> find(List<String> inputs) {
    Map<String, InputFile> files = new TreeMap<>();
    for (String input : inputs) {
      Optional<java.nio.file.Path> local = Storage.local(input);
      if (local.isPresent()) {
        addLocal(input, local.get(), files);
      } else {
        addRemote(input, files);
      }
    }
    return new ArrayList<>(files.values());
  }

  private static void addLocal(
      String input, java.nio.file.Path root, Map<String, InputFile> files) {
    if (!Files.exists(root)) {
      throw InvalidInputException.of(input, "there is no such file or folder", "Check the path");
    }
    try {
      LocalFiles.list(
          root,
          (file, bytes) -> {
            if (file.equals(root) || isData(file.getFileName().toString())) {
              String full = LocalPath.withScheme(file);
              files.put(full, new InputFile(full, bytes));
            }
          });
    } catch (FileSystemException e) {
      throw InvalidInputException.of(
          e.getFile(), "cannot be read: " + StorageFault.why(e), "Check its permissions", e);
    } catch (IOException e) {
      throw InvalidInputException.of(
          input, "cannot be read: " + StorageFault.reason(e), "Check the path", e);
    }
  }

  private static void addRemote(String input, Map<String, InputFile> files) {
    try {
      Path path = new Path(input);
      FileSystem fileSystem = Storage.fileSystem(path);
      Path root = fileSystem.makeQualified(path);
      RemoteIterator<LocatedFileStatus> found = fileSystem.listFiles(path, true);
      while (found.hasNext()) {
        LocatedFileStatus file = found.next();
        boolean named = file.getPath().equals(root);
        if (named || (isData(file.getPath().getName()) && isVisible(root, file.getPath()))) {
          String full = file.getPath().toString();
          files.put(full, new InputFile(full, file.getLen()));
        }
      }
    } catch (FileNotFoundException e) {
      throw InvalidInputException.of(input, "there is no such file or folder", "Check the path", e);
    } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
      throw InvalidInputException.of(
          input, "cannot be read: " + StorageFault.reason(e), StorageFault.remedy(e), e);
    }
  }

  /** The path without a scheme if it is local, for messages. */
  public String shown() {
    return Storage.local(path).map(java.nio.file.Path::toString).orElse(path);
  }

  private static boolean isData(String name) {
    return LocalFiles.isVisible(name) && !name.startsWith("README");
  }

  /** Whether no folder between the root and the file is hidden. */
  private static boolean isVisible(Path root, Path file) {
    Path folder = file.getParent();
    while (folder != null && !folder.equals(root)) {
      if (!LocalFiles.isVisible(folder.getName())) {
        return false;
      }
      folder = folder.getParent();
    }
    return true;
  }
}
