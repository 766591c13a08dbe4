package io.sextant.schema.file;

import java.io.IOException;
import java.io.InputStream;

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

  /** A fresh stream over the stored bytes, compressed if the file is. */
  InputStream open() throws IOException;
}
