package io.sextant.jobs.snapshot;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the newest snapshot of a warehouse. */
public final class Snapshots {
  private Snapshots() {}

  /**
   * A table in the newest snapshot; its folder as it is if no snapshot has the table, because an
   * earlier version of this program wrote it or because it is not a table of traces or usage.
   *
   * @throws IOException if the storage fails
   */
  public static TableView table(String warehouse, String table) throws IOException {
    SnapshotFolder folder = new SnapshotFolder(warehouse);
    while (true) {
      Snapshot newest = folder.newest();
      String list = newest.lists().get(table);
      if (list == null) {
        return new TableView(folder.path(table), Optional.empty());
      }
      try {
        return view(folder, table, folder.list(list).files());
      } catch (FileNotFoundException e) {
        if (folder.newest().equals(newest)) {
          throw e;
        }
      }
    }
  }

  private static TableView view(SnapshotFolder folder, String table, List<TableList.Entry> files) {
    boolean kept = files.stream().anyMatch(entry -> !entry.file().equals(entry.shown()));
    Set<String> names = new HashSet<>();
    for (TableList.Entry entry : files) {
      names.add(entry.file().substring(entry.file().lastIndexOf('/') + 1));
    }
    String below = kept ? SnapshotFolder.DATA + "/" + table : table;
    return new TableView(folder.path(below), Optional.of(names));
  }
}
