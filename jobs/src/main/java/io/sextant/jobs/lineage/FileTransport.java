package io.sextant.jobs.lineage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Appends events to a file, one per line.
 *
 * @param file the file; it and its folder are made if they do not exist
 */
record FileTransport(Path file) implements LineageTransport {
  @Override
  public void send(String event) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, event + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
