package io.sextant.jobs;

import io.sextant.schema.InvalidInputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * A file a user named, or one below a folder they named.
 *
 * @param path with its scheme
 * @param bytes as stored
 */
public record InputFile(String path, long bytes) implements Serializable {

  /**
   * Every file at or below the paths, by path; in a folder, names that begin with a dot or an
   * underscore are other programs' bookkeeping.
   *
   * @throws InvalidInputException where a path does not exist or nothing is below any of them
   */
  public static List<InputFile> list(List<String> inputs) {
    TreeMap<String, InputFile> files = new TreeMap<>();
    for (String input : inputs) {
      try {
        Path path = new Path(input);
        FileSystem fileSystem = path.getFileSystem(Storage.configuration());
        RemoteIterator<LocatedFileStatus> found = fileSystem.listFiles(path, true);
        while (found.hasNext()) {
          LocatedFileStatus file = found.next();
          String name = file.getPath().getName();
          boolean named = file.getPath().equals(fileSystem.makeQualified(path));
          if (named || isData(name)) {
            String full = file.getPath().toString();
            files.put(full, new InputFile(full, file.getLen()));
          }
        }
      } catch (FileNotFoundException e) {
        throw InvalidInputException.of(
            input, "there is no such file or folder", "Check --input", e);
      } catch (IOException | IllegalArgumentException e) {
        throw InvalidInputException.of(
            input, "cannot be read: " + e.getMessage(), "Check --input", e);
      }
    }
    if (files.isEmpty()) {
      throw InvalidInputException.of(
          String.join(" ", inputs), "there are no files", "Name trace files or their folder");
    }
    return new ArrayList<>(files.values());
  }

  private static boolean isData(String name) {
    return !name.startsWith(".") && !name.startsWith("_") && !name.startsWith("README");
  }
}
