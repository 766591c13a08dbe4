package io.sextant.jobs.storage;

import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceFiles;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A trace file on any storage: local files are opened directly, others through Hadoop. */
public final class StoredFile implements TraceFile {
  private final TraceFile file;

  /**
   * @throws IOException if there is no such file or the storage fails
   */
  public StoredFile(String path) throws IOException {
    Optional<java.nio.file.Path> local = Storage.local(path);
    this.file = local.isPresent() ? TraceFiles.local(local.get()) : Remote.of(new Path(path));
  }

  /** The path without a scheme if it is local, as the user would write it. */
  @Override
  public String path() {
    return file.path();
  }

  @Override
  public long length() {
    return file.length();
  }

  @Override
  public long modifiedMillis() {
    return file.modifiedMillis();
  }

  @Override
  public Optional<TraceFile> sibling(String name) throws IOException {
    return file.sibling(name);
  }

  @Override
  public InputStream open() throws IOException {
    return file.open();
  }

  private record Remote(Path at, FileSystem fileSystem, FileStatus status) implements TraceFile {

    static Remote of(Path path) throws IOException {
      FileSystem fileSystem = Storage.fileSystem(path);
      return new Remote(path, fileSystem, fileSystem.getFileStatus(path));
    }

    @Override
    public String path() {
      return at.toString();
    }

    @Override
    public long length() {
      return status.getLen();
    }

    @Override
    public long modifiedMillis() {
      return status.getModificationTime();
    }

    @Override
    public Optional<TraceFile> sibling(String name) throws IOException {
      Path sibling = new Path(at.getParent(), new Path(null, null, name));
      return fileSystem.exists(sibling) ? Optional.of(of(sibling)) : Optional.empty();
    }

    @Override
    public InputStream open() throws IOException {
      return fileSystem.open(at);
    }
  }
}
