package io.sextant.jobs;

import io.sextant.schema.file.TraceFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A trace file on any Hadoop file system. */
public final class HadoopTraceFile implements TraceFile {
  private final Path path;
  private final FileSystem fileSystem;
  private final FileStatus status;

  /**
   * @throws IOException where there is no such file or the storage fails
   */
  public HadoopTraceFile(String path) throws IOException {
    this.path = new Path(path);
    this.fileSystem = this.path.getFileSystem(Storage.configuration());
    this.status = fileSystem.getFileStatus(this.path);
  }

  /** The path without a scheme where it is local, as the user would write it. */
  @Override
  public String path() {
    return "file".equals(path.toUri().getScheme()) ? path.toUri().getPath() : path.toString();
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
    Path sibling = new Path(path.getParent(), new Path(null, null, name));
    return fileSystem.exists(sibling)
        ? Optional.of(new HadoopTraceFile(sibling.toString()))
        : Optional.empty();
  }

  @Override
  public InputStream open() throws IOException {
    return fileSystem.open(path);
  }
}
