package io.sextant.jobs.snapshot;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The changes of a command to several tables, which become one snapshot. The files are already at
 * their places in the tables' folders.
 */
public final class SnapshotChange {
  private final SnapshotFolder folder;
  private final Map<String, Change> changes = new TreeMap<>();

  /** The change of a table; paths are below the warehouse. */
  private static final class Change {
    private final Set<String> added = new TreeSet<>();
    private final Set<String> replacedFolders = new TreeSet<>();
    private boolean replaces;
    private boolean forgotten;
  }

  /**
   * @throws IOException if the storage cannot be reached
   */
  public SnapshotChange(String warehouse) throws IOException {
    this.folder = new SnapshotFolder(warehouse);
  }

  /**
   * Files were added to a table of which no command replaces files.
   *
   * @param files paths below the table's folder
   */
  public void added(String table, Collection<String> files) {
    files.forEach(file -> change(table).added.add(table + "/" + file));
  }

  /**
   * The content of partitions was replaced by files.
   *
   * @param partitions paths below the table's folder
   * @param files paths below the table's folder
   */
  public void replaced(String table, Collection<String> partitions, Collection<String> files) {
    change(table).replaces = true;
    partitions.forEach(folder -> change(table).replacedFolders.add(table + "/" + folder + "/"));
    added(table, files);
  }

  /**
   * Partitions no longer belong to a table; the files stay while an older snapshot names them.
   *
   * @param table a table that the newest snapshot has
   * @param partitions paths below the table's folder
   */
  public void removed(String table, Collection<String> partitions) {
    partitions.forEach(folder -> change(table).replacedFolders.add(table + "/" + folder + "/"));
  }

  /** A table was rewritten or moved away: until its next change, all its files belong to it. */
  public void forget(String table) {
    change(table).forgotten = true;
  }

  private Change change(String table) {
    return changes.computeIfAbsent(table, absent -> new Change());
  }

  /** Commits the changes as one snapshot, then removes old snapshots. */
  public void commit() throws IOException {
    if (changes.isEmpty()) {
      return;
    }
    NavigableMap<String, String> lists;
    Snapshot before;
    do {
      before = folder.newest();
      lists = new TreeMap<>(before.lists());
      for (Map.Entry<String, Change> change : changes.entrySet()) {
        String table = change.getKey();
        if (change.getValue().forgotten) {
          lists.remove(table);
        } else {
          List<TableList.Entry> known =
              lists.containsKey(table) ? folder.list(lists.get(table)).files() : List.of();
          boolean first = !lists.containsKey(table);
          lists.put(table, folder.add(table, list(known, change.getValue(), first, table)));
        }
      }
    } while (!folder.commit(
        new Snapshot(before.number() + 1, Instant.now().truncatedTo(ChronoUnit.MILLIS), lists)));
    folder.expire();
  }

  /**
   * @param first whether no snapshot has the table yet, so that its older files belong to it too
   */
  private TableList list(List<TableList.Entry> known, Change change, boolean first, String table)
      throws IOException {
    Set<String> added = new TreeSet<>(change.added);
    if (first) {
      added.addAll(folder.shown(table));
    }
    List<TableList.Entry> entries = new ArrayList<>();
    for (TableList.Entry entry : known) {
      String partition = entry.shown().substring(0, entry.shown().lastIndexOf('/') + 1);
      if (!change.replacedFolders.contains(partition)) {
        entries.add(entry);
        // It has the file already if a commit is repeated after a crash.
        added.remove(entry.shown());
      }
    }
    for (String file : added) {
      entries.add(change.replaces ? folder.keep(file) : folder.refer(file));
    }
    return new TableList(entries);
  }
}
