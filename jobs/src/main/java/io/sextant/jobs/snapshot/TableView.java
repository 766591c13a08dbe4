package io.sextant.jobs.snapshot;

import io.sextant.jobs.storage.LocalFiles;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.Path;

/**
 * A table as a reader sees it.
 *
 * @param folder folder with the table's partitions
 * @param names names of the files that belong to the table; empty if all do, because no snapshot
 *     has the table
 */
public record TableView(Path folder, Optional<Set<String>> names) {

  /** Whether a file of the folder belongs to the table. */
  public boolean has(String name) {
    return LocalFiles.isVisible(name) && names.map(known -> known.contains(name)).orElse(true);
  }
}
