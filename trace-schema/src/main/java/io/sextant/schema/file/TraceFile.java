package io.sextant.schema.file;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A trace file on any storage; readers do not depend on a file system. */
public interface TraceFile {

  /** The path as the user gave it, for messages. */
  String path();

  /** Bytes as stored. */
  long length();

  /**
   * The time at which the file was last written, in ms since 1970. It is the arrival of requests
   * whose format has no time. Copies that preserve times ({@code cp -p}, {@code rsync -t}) keep it.
   */
  long modifiedMillis();

  /**
   * A file in the same folder. Engines split one recording over several files, and some of them can
   * only be read together.
   *
   * @param name the file's name without folders
   * @return the file; empty if there is no such file or this file has no folder
   * @throws IOException if the storage fails
   */
  default Optional<TraceFile> sibling(String name) throws IOException {
    return Optional.empty();
  }

  /** A new stream of the stored bytes, compressed if the file is. */
  InputStream open() throws IOException;
}
