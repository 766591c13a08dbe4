package io.sextant.jobs.window;

import io.sextant.jobs.snapshot.Snapshots;
import io.sextant.jobs.snapshot.TableView;
import io.sextant.jobs.storage.Storage;
import io.sextant.schema.table.TraceTables;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** The days of which a warehouse has traces, from the names of its folders, without a query. */
public final class TracedDays {
  private static final String DAY = "day=";

  private TracedDays() {}

  /**
   * The days of a model, yyyy-MM-dd. A folder without files of the newest snapshot does not count.
   *
   * @throws UncheckedIOException if the warehouse cannot be listed
   */
  public static NavigableSet<String> of(String warehouse, String model) {
    NavigableSet<String> days = new TreeSet<>();
    try {
      TableView table = Snapshots.table(warehouse, TraceTables.TRACES.name());
      Path folder = new Path(table.folder(), "model=" + model);
      RemoteIterator<LocatedFileStatus> files = Storage.fileSystem(folder).listFiles(folder, true);
      while (files.hasNext()) {
        Path file = files.next().getPath();
        String name = file.getParent().getName();
        if (name.startsWith(DAY)
            && table.has(file.getName())
            && file.getName().endsWith(".parquet")) {
          days.add(name.substring(DAY.length()));
        }
      }
    } catch (FileNotFoundException e) {
      return Collections.emptyNavigableSet();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return days;
  }
}
