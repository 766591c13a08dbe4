package io.sextant.jobs.expire;

import io.sextant.jobs.snapshot.SnapshotChange;
import io.sextant.jobs.snapshot.Snapshots;
import io.sextant.jobs.snapshot.TableView;
import io.sextant.jobs.storage.Storage;
import io.sextant.jobs.storage.StoreFiles;
import io.sextant.schema.table.TableDefinition;
import io.sextant.schema.table.Tables;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/**
 * Removes the days before a day from all tables whose folders are named after days. The tables of
 * snapshots lose them in one snapshot; files that an older snapshot names stay until it expires. A
 * job that was killed in between is completed by the next one.
 */
final class ExpireJob {
  private static final String DAY = "day";
  private static final Pattern DAY_FOLDER = Pattern.compile("day=(\\d{4}-\\d{2}-\\d{2})");

  private final String warehouse;
  private final String before;
  private final Path root;
  private final StoreFiles files;

  /**
   * @param before the first day that stays
   */
  ExpireJob(String warehouse, LocalDate before) throws IOException {
    this.warehouse = warehouse;
    this.before = before.toString();
    this.root = Storage.path(warehouse);
    this.files = StoreFiles.of(root);
  }

  /** What would be removed, by table; tables that lose nothing are left out. */
  List<ExpiredTable> plan() throws IOException {
    List<ExpiredTable> plan = new ArrayList<>();
    for (TableDefinition<?> table : Tables.all()) {
      if (table.partitionColumns().contains(DAY)) {
        ExpiredTable expired = expired(table.name());
        if (!expired.partitions().isEmpty()) {
          plan.add(expired);
        }
      }
    }
    return plan;
  }

  private ExpiredTable expired(String table) throws IOException {
    TableView view = Snapshots.table(warehouse, table);
    Path folder = new Path(root, table);
    int prefix = files.qualified(folder).toUri().getPath().length() + 1;
    SortedSet<String> partitions = new TreeSet<>();
    SortedSet<String> days = new TreeSet<>();
    int count = 0;
    long bytes = 0;
    for (Path file : files.below(folder)) {
      Matcher day = DAY_FOLDER.matcher(file.getParent().getName());
      // Where snapshots name the table's own files, those that no snapshot shows have expired.
      boolean shown = !isOfSnapshots(view, folder) || view.has(file.getName());
      if (shown && day.matches() && day.group(1).compareTo(before) < 0) {
        partitions.add(file.getParent().toUri().getPath().substring(prefix));
        days.add(day.group(1));
        count++;
        bytes += files.length(file);
      }
    }
    return new ExpiredTable(table, partitions, days, count, bytes);
  }

  /** Whether the table's own files are those that snapshots name, and not copies of them. */
  private static boolean isOfSnapshots(TableView view, Path folder) {
    return view.names().isPresent() && view.folder().equals(folder);
  }

  /** Removes it. */
  void run(List<ExpiredTable> plan) throws IOException {
    SnapshotChange change = new SnapshotChange(warehouse);
    List<Path> gone = new ArrayList<>();
    for (ExpiredTable expired : plan) {
      TableView view = Snapshots.table(warehouse, expired.table());
      Path folder = new Path(root, expired.table());
      if (view.names().isPresent()) {
        change.removed(expired.table(), expired.partitions());
      }
      if (!isOfSnapshots(view, folder)) {
        expired.partitions().forEach(partition -> gone.add(new Path(folder, partition)));
      }
    }
    change.commit();
    for (Path partition : gone) {
      files.delete(partition);
    }
  }
}
