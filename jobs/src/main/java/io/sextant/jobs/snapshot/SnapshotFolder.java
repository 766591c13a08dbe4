package io.sextant.jobs.snapshot;

import io.sextant.jobs.storage.LocalFiles;
import io.sextant.jobs.storage.Storage;
import io.sextant.jobs.storage.StoreFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;

/**
 * The folder {@code _snapshots/} of a warehouse:
 *
 * <pre>
 * 00000012.json                 a snapshot; the highest number is the newest
 * lists/traces-....json         the files of a table
 * data/imbalance/model=.../     files of tables of which commands replace files
 * </pre>
 */
final class SnapshotFolder {
  static final String DATA = "_snapshots/data";

  /** Older snapshots are removed, with the files that no other snapshot has. */
  static final Duration KEPT = Duration.ofDays(30);

  /** Another command may have files that its snapshot does not name yet. */
  private static final Duration UNNAMED = Duration.ofDays(1);

  private static final String SUFFIX = ".json";

  private final StoreFiles files;
  private final Path root;
  private final Path folder;
  private final Path lists;

  SnapshotFolder(String warehouse) throws IOException {
    this.root = Storage.path(warehouse);
    this.files = StoreFiles.of(root);
    this.folder = new Path(root, "_snapshots");
    this.lists = new Path(folder, "lists");
  }

  /** The newest snapshot; {@link Snapshot#NONE} if there is none. */
  Snapshot newest() throws IOException {
    while (true) {
      List<Long> numbers = numbers();
      if (numbers.isEmpty()) {
        return Snapshot.NONE;
      }
      try {
        return snapshot(numbers.get(numbers.size() - 1));
      } catch (FileNotFoundException e) {
        // It has expired since, so there is a newer one; or someone removed it.
        if (numbers.equals(numbers())) {
          throw e;
        }
      }
    }
  }

  private List<Long> numbers() throws IOException {
    return files.names(folder).stream()
        .filter(name -> name.matches("\\d{8,18}\\" + SUFFIX))
        .map(name -> Long.parseLong(name.substring(0, name.length() - SUFFIX.length())))
        .sorted()
        .toList();
  }

  private Snapshot snapshot(long number) throws IOException {
    return Snapshot.parse(files.read(file(number)));
  }

  private Path file(long number) {
    return new Path(folder, String.format(Locale.ROOT, "%08d%s", number, SUFFIX));
  }

  TableList list(String name) throws IOException {
    return TableList.parse(files.read(new Path(lists, name)));
  }

  /** Writes a list under a new name, which it returns. */
  String add(String table, TableList list) throws IOException {
    String name = table + "-" + UUID.randomUUID() + SUFFIX;
    files.makeFolder(lists);
    files.write(new Path(lists, name), list.toJson());
    return name;
  }

  /** Commits a snapshot, unless there is one of its number; returns whether it did. */
  boolean commit(Snapshot snapshot) throws IOException {
    byte[] json = snapshot.toJson();
    // On an object store another command may have replaced the file since.
    return files.createNew(file(snapshot.number()), json)
        && (files.renames() || snapshot.equals(snapshot(snapshot.number())));
  }

  /** Removes the snapshots that are older than {@link #KEPT}, except the newest. */
  void expire() throws IOException {
    Instant before = Instant.now().minus(KEPT);
    List<Long> numbers = numbers();
    int expired = 0;
    while (expired < numbers.size() - 1
        && snapshot(numbers.get(expired)).committed().isBefore(before)) {
      expired++;
    }
    if (expired == 0) {
      return;
    }
    Set<String> used = lists(numbers.subList(expired, numbers.size()));
    Set<Path> unused = filesOf(expiredLists(numbers.subList(0, expired), used));
    for (long number : numbers.subList(0, expired)) {
      files.delete(file(number));
    }
    unused.removeAll(filesOf(used));
    for (Path file : unused) {
      files.delete(file);
    }
    removeUnused(used);
  }

  private Set<String> lists(List<Long> numbers) throws IOException {
    Set<String> names = new HashSet<>();
    for (long number : numbers) {
      names.addAll(snapshot(number).lists().values());
    }
    return names;
  }

  /**
   * The lists of expired snapshots that no other snapshot has, of tables that the newest one has:
   * the files of another table all belong to it.
   */
  private Set<String> expiredLists(List<Long> numbers, Set<String> used) throws IOException {
    Set<String> tables = newest().lists().keySet();
    Set<String> names = new HashSet<>();
    for (long number : numbers) {
      snapshot(number).lists().entrySet().stream()
          .filter(list -> tables.contains(list.getKey()) && !used.contains(list.getValue()))
          .forEach(list -> names.add(list.getValue()));
    }
    return names;
  }

  private Set<Path> filesOf(Set<String> names) throws IOException {
    Set<Path> paths = new HashSet<>();
    for (String name : names) {
      list(name).files().forEach(entry -> paths.add(files.qualified(new Path(root, entry.file()))));
    }
    return paths;
  }

  /** Removes lists and kept files that no snapshot names. */
  private void removeUnused(Set<String> usedLists) throws IOException {
    long before = Instant.now().minus(UNNAMED).toEpochMilli();
    Set<Path> used = filesOf(usedLists);
    for (String list : files.names(lists)) {
      Path file = new Path(lists, list);
      if (!usedLists.contains(list) && files.modifiedMillis(file) < before) {
        files.delete(file);
      }
    }
    for (Path file : files.below(new Path(root, DATA))) {
      if (!used.contains(file) && files.modifiedMillis(file) < before) {
        files.delete(file);
      }
    }
  }

  /** The files of a table's folder that readers see, relative to the warehouse. */
  List<String> shown(String table) throws IOException {
    int prefix = files.qualified(root).toUri().getPath().length() + 1;
    return files.below(new Path(root, table)).stream()
        .map(file -> file.toUri().getPath().substring(prefix))
        .filter(SnapshotFolder::isVisible)
        .toList();
  }

  private static boolean isVisible(String file) {
    return Stream.of(file.split("/", -1)).allMatch(LocalFiles::isVisible);
  }

  /**
   * The entry of a file that commands may replace: its bytes are kept under a name of their own.
   */
  TableList.Entry keep(String shown) throws IOException {
    Path from = new Path(root, shown);
    String partition = shown.substring(0, shown.lastIndexOf('/'));
    String kept = "%s/%s/part-%s.parquet".formatted(DATA, partition, UUID.randomUUID());
    files.copy(from, new Path(root, kept));
    return new TableList.Entry(kept, shown, files.length(from));
  }

  /** The entry of a file that stays where it is. */
  TableList.Entry refer(String shown) throws IOException {
    return new TableList.Entry(shown, shown, files.length(new Path(root, shown)));
  }

  Path path(String below) {
    return new Path(root, below);
  }
}
