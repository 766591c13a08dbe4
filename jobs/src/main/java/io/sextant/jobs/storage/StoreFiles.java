package io.sextant.jobs.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
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
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Small files on any Hadoop file system, each written completely or not at all.
 *
 * <p>On storage with a rename (local disks, HDFS), a file is written under another name and renamed
 * over the old one. On an object store a rename is a copy, but a put is atomic: the object appears,
 * or is replaced, when its stream closes. {@link #createNew} is exclusive on storage with a rename;
 * on an object store it is a check followed by a put, and the caller must check again.
 */
public class StoreFiles {
  /** Schemes whose rename copies, object by object. */
  private static final Set<String> OBJECT_STORES =
      Set.of("s3", "s3a", "s3n", "gs", "oss", "obs", "cos", "cosn", "swift", "wasb", "wasbs");

  private static final String ASIDE = "_aside-";

  /** The operations that are atomic on the storage. */
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
      // Checksum files are renamed after the files to which they belong; a kill in between would
      // leave a file that cannot be read.
      return new StoreFiles(local.getRawFileSystem(), Kind.LOCAL);
    }
    String scheme = fileSystem.getUri().getScheme();
    return new StoreFiles(fileSystem, OBJECT_STORES.contains(scheme) ? Kind.OBJECTS : Kind.RENAMES);
  }

  public boolean renames() {
    return kind != Kind.OBJECTS;
  }

  /** The absolute path with its scheme. */
  public Path qualified(Path path) {
    return fileSystem.makeQualified(path);
  }

  /**
   * @throws FileNotFoundException if there is no such file
   */
  public byte[] read(Path file) throws IOException {
    try (FSDataInputStream in = fileSystem.open(file)) {
      return in.readAllBytes();
    }
  }

  public boolean exists(Path path) throws IOException {
    return fileSystem.exists(path);
  }

  /** The modification time by the storage's clock, in milliseconds since 1970. */
  public long modifiedMillis(Path file) throws IOException {
    return fileSystem.getFileStatus(file).getModificationTime();
  }

  /** Length of a file in bytes. */
  public long length(Path file) throws IOException {
    return fileSystem.getFileStatus(file).getLen();
  }

  /** All files below a folder, qualified and sorted; empty if there is no such folder. */
  public List<Path> below(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    try {
      RemoteIterator<LocatedFileStatus> files = fileSystem.listFiles(folder, true);
      while (files.hasNext()) {
        found.add(files.next().getPath());
      }
    } catch (FileNotFoundException e) {
      return List.of();
    }
    found.sort(null);
    return found;
  }

  /**
   * Copies a file, so that its bytes stay if the original is replaced or deleted. On a local disk
   * the copy is a second name of the same bytes, if the disk can do that.
   *
   * @param to a name that no file has, in a folder that may have to be made
   */
  public void copy(Path from, Path to) throws IOException {
    makeFolder(to.getParent());
    if (kind == Kind.LOCAL) {
      try {
        Files.createLink(local(to), local(from));
      } catch (UnsupportedOperationException | FileSystemException e) {
        Files.copy(local(from), local(to), StandardCopyOption.REPLACE_EXISTING);
      }
      return;
    }
    FileUtil.copy(fileSystem, from, fileSystem, to, false, Storage.configuration());
  }

  /** Names in a folder in sorted order; empty if there is no such folder. */
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

  /** Writes a file that no reader opens before another file names it. */
  public void write(Path file, byte[] bytes) throws IOException {
    try (FSDataOutputStream out = fileSystem.create(file, true)) {
      out.write(bytes);
      if (kind != Kind.OBJECTS) {
        out.hsync();
      }
    }
  }

  /** Replaces the file with that name, if any; readers see the old file or the new one. */
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
   * Creates a file with its content, unless there is one with its name.
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
        // Unlike a rename, creating a link fails if there is a file.
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

  /** Renames a folder to a free name; only on storage that {@link #renames}. */
  public void rename(Path from, Path to) throws IOException {
    if (!fileSystem.rename(from, to)) {
      throw new IOException("Cannot rename " + from + " to " + to);
    }
  }

  public void makeFolder(Path folder) throws IOException {
    if (!fileSystem.mkdirs(folder)) {
      throw new IOException("Cannot create the folder " + folder);
    }
  }

  /**
   * Removes the temporary files that a dead process left in a folder.
   *
   * @param age minimum age of a file to remove; zero if no other process can be writing
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

  /** Removes a file, or a folder with everything below it, if it exists. */
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
