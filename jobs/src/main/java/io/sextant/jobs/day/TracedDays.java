package io.sextant.jobs.day;

import io.sextant.jobs.snapshot.Snapshots;
import io.sextant.jobs.table.TableSplit;
import io.sextant.schema.table.TraceTables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.NavigableSet;
import java.util.TreeSet;

/** The days of which a warehouse has traces, from the names of its folders, without a query. */
public final class TracedDays {

  private TracedDays() {}

  /**
   * The days of a model, yyyy-MM-dd. A folder without files of the newest snapshot does not count.
   *
   * @param from first day; null for the first available day
   * @param to last day; null for the last available day
   * @throws UncheckedIOException if the warehouse cannot be listed
   */
  public static NavigableSet<String> of(String warehouse, String model, String from, String to) {
    NavigableSet<String> days = new TreeSet<>();
    try {
      TableSplit.splits(Snapshots.table(warehouse, TraceTables.TRACES.name()), model, from, to)
          .forEach(split -> days.add(split.day()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return days;
  }
}
