package io.sextant.schema.trace;

import java.io.IOException;
import java.io.InputStream;

/** A file of traces wherever it lives; readers know no file system. */
public interface TraceFile {

  /** The path as the user gave it, for messages. */
  String path();

  /** Bytes as stored. */
  long length();

  /** A fresh stream over the stored bytes, compressed if the file is. */
  InputStream open() throws IOException;
}
