package io.sextant.jobs.publish;

import io.sextant.jobs.storage.StoreFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;

/** The decisions of runs that published nothing: one file per run. */
public final class NightDecisions {
  private final StoreFiles files;
  private final Path folder;

  NightDecisions(StoreFiles files, Path folder) {
    this.files = files;
    this.folder = folder;
  }

  /**
   * Stores the decision of a run and removes the oldest ones.
   *
   * @param keep number of decisions to keep
   */
  public void keep(String run, byte[] decision, int keep) throws IOException {
    files.makeFolder(folder);
    files.replace(new Path(folder, run + ".json"), decision);
    List<String> nights = files.names(folder);
    for (String night : nights.subList(0, Math.max(0, nights.size() - keep))) {
      files.delete(new Path(folder, night));
    }
  }

  /** The contents of each decision.json, oldest first. */
  List<byte[]> all() throws IOException {
    List<byte[]> nights = new ArrayList<>();
    for (String night : files.names(folder)) {
      nights.add(files.read(new Path(folder, night)));
    }
    return nights;
  }
}
