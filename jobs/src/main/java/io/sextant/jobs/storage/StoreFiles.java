package io.sextant.jobs.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/**
 * Small files on any Hadoop file system, each written whole or not at all.
 *
 * <p>Where there is a rename (local disks, HDFS), a file is written aside and renamed over the old
 * one. On an object store a rename is a copy and a put is atomic: the object appears, or is
 * replaced, when its stream closes. {@link #createNew} is exclusive where there is a rename; on an
 * object store it is a look and a put, and its caller has to look again.
 */
public class StoreFiles {
  /** Schemes whose rename copies, object by object. */
  private static final Set<String> OBJECT_STORES =
      Set.of("s3", "s3a", "s3n", "gs", "oss", "obs", "cos", "cosn", "swift", "wasb", "wasbs");

  private static final String ASIDE = "_aside-";

  /** What the storage can do at once. */
  public enum Kind {
    LOCAL,
    RENAMES,
    OBJECTS
  }

  private final FileSystem fileSystem;
  private final Kind kind;

  public StoreFiles(FileSystem fileSystem, Kind kind) {
    this.fileSystem = fileSystem;
    this.kind = kind;
  }

  public static StoreFiles of(Path folder) throws IOException {
    FileSystem fileSystem = Storage.fileSystem(folder);
    if (fileSystem instanceof LocalFileSystem local) {
      // Its checksum files are renamed after the files they belong to: a kill in between would
      // leave a file that cannot be read.
      return new StoreFiles(local.getRawFileSystem(), Kind.LOCAL);
    }
    String scheme = fileSystem.getUri().getScheme();
    return new StoreFiles(fileSystem, OBJECT_STORES.contains(scheme) ? Kind.OBJECTS : Kind.RENAMES);
  }

  public boolean renames() {
    return kind != Kind.OBJECTS;
  }

  /** The path with its scheme and from the root. */
  public Path qualified(Path path) {
    return fileSystem.makeQualified(path);
  }

  /**
   * @throws FileNotFoundException where there is no such file
   */
  public byte[] read(Path file) throws IOException {
    try (FSDataInputStream in = fileSystem.open(file)) {
      return in.readAllBytes();
    }
  }

  public boolean exists(Path path) throws IOException {
    return fileSystem.exists(path);
  }

  /** Milliseconds since 1970, by the storage's clock. */
  public long modifiedMillis(Path file) throws IOException {
    return fileSystem.getFileStatus(file).getModificationTime();
  }

  /** Names in a folder in their order; none where there is no such folder. */
  public List<String> names(Path folder) throws IOException {
    List<String> names = new ArrayList<>();
    try {
      for (FileStatus child : fileSystem.listStatus(folder)) {
        names.add(child.getPath().getName());
      }
    } catch (FileNotFoundException e) {
      return List.of();
    }
    names.removeIf(name -> name.startsWith(ASIDE));
    names.sort(null);
    return names;
  }

  /** Writes a file that nobody reads before something else names it. */
  public void write(Path file, byte[] bytes) throws IOException {
    try (FSDataOutputStream out = fileSystem.create(file, true)) {
      out.write(bytes);
      if (kind != Kind.OBJECTS) {
        out.hsync();
      }
    }
  }

  /** Puts a file in place of the one of its name, if any: readers see the old one or the new. */
  public void replace(Path file, byte[] bytes) throws IOException {
    if (kind == Kind.OBJECTS) {
      write(file, bytes);
      return;
    }
    Path aside = aside(file);
    try {
      write(aside, bytes);
      if (kind == Kind.LOCAL) {
        Files.move(local(aside), local(file), StandardCopyOption.ATOMIC_MOVE);
      } else {
        context().rename(aside, file, Options.Rename.OVERWRITE);
      }
    } finally {
      fileSystem.delete(aside, false);
    }
  }

  /**
   * Creates a file, with its content, unless there is one of its name.
   *
   * @return whether it was created
   */
  public boolean createNew(Path file, byte[] bytes) throws IOException {
    if (kind == Kind.OBJECTS) {
      if (exists(file)) {
        return false;
      }
      write(file, bytes);
      return true;
    }
    Path aside = aside(file);
    try {
      write(aside, bytes);
      if (kind == Kind.LOCAL) {
        // A link, unlike a rename, fails where there is a file.
        Files.createLink(local(file), local(aside));
      } else {
        context().rename(aside, file, Options.Rename.NONE);
      }
      return true;
    } catch (FileAlreadyExistsException | org.apache.hadoop.fs.FileAlreadyExistsException e) {
      return false;
    } finally {
      fileSystem.delete(aside, false);
    }
  }

  /** Renames a folder to a name that is free; only where the storage {@link #renames}. */
  public void rename(Path from, Path to) throws IOException {
    if (!fileSystem.rename(from, to)) {
      throw new IOException("Cannot rename " + from + " to " + to);
    }
  }

  public void makeFolder(Path folder) throws IOException {
    if (!fileSystem.mkdirs(folder)) {
      throw new IOException("Cannot make the folder " + folder);
    }
  }

  /**
   * Removes what a process that died was writing beside the files of a folder.
   *
   * @param age how long ago it was written at least; zero where nobody else can be writing
   */
  public void deleteAsides(Path folder, Duration age) throws IOException {
    long before = System.currentTimeMillis() - age.toMillis();
    try {
      for (FileStatus child : fileSystem.listStatus(folder)) {
        if (child.getPath().getName().startsWith(ASIDE) && child.getModificationTime() <= before) {
          delete(child.getPath());
        }
      }
    } catch (FileNotFoundException e) {
      return;
    }
  }

  /** Removes a file or a folder with all below it, if it is there. */
  public void delete(Path path) throws IOException {
    fileSystem.delete(path, true);
  }

  private static Path aside(Path file) {
    return new Path(file.getParent(), ASIDE + UUID.randomUUID());
  }

  private java.nio.file.Path local(Path path) {
    return java.nio.file.Path.of(qualified(path).toUri().getPath());
  }

  private FileContext context() throws IOException {
    return FileContext.getFileContext(fileSystem.getUri(), Storage.configuration());
  }
}
