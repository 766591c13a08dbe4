package io.sextant.jobs.expire;

import java.util.Locale;
import java.util.SortedSet;

/**
 * What a table loses.
 *
 * @param table name of the table
 * @param partitions paths of the partitions below the table's folder
 * @param days days of these partitions, yyyy-MM-dd
 * @param files number of files
 * @param bytes length of the files
 */
record ExpiredTable(
    String table, SortedSet<String> partitions, SortedSet<String> days, int files, long bytes) {

  /** One line for a person. */
  String text() {
    return String.format(
        Locale.ROOT,
        "%-18s %,d %s, %s to %s: %,d files, %,.1f MB%n",
        table,
        days.size(),
        days.size() == 1 ? "day" : "days",
        days.first(),
        days.last(),
        files,
        bytes / 1e6);
  }
}
