package io.sextant.schema.file;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A file of traces wherever it lives; readers know no file system. */
public interface TraceFile {

  /** The path as the user gave it, for messages. */
  String path();

  /** Bytes as stored. */
  long length();

  /**
   * When the file was last written, ms since 1970: the arrival of requests whose format has no time
   * of its own. A copy that keeps times ({@code cp -p}, {@code rsync -t}) keeps it.
   */
  long modifiedMillis();

  /**
   * A file in the same folder. Engines split one recording over several files, and some only make
   * sense together.
   *
   * @param name the file's name without folders
   * @return empty if there is no such file, as for a file that has no folder
   * @throws IOException if the storage fails
   */
  default Optional<TraceFile> sibling(String name) throws IOException {
    return Optional.empty();
  }

  /** A fresh stream over the stored bytes, compressed if the file is. */
  InputStream open() throws IOException;
}
