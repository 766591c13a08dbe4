package io.sextant.jobs.table;

import java.io.IOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;

/**
 * The repetition and definition levels of a page of lists (Melnik et al., "Dremel", VLDB 2010), and
 * how many rows and values it has.
 */
final class ListLevels {
  private final int present;
  private final LevelRuns repetition = new LevelRuns();
  private final LevelRuns definition = new LevelRuns();

  private int rows;
  private int values;

  /**
   * @param present the definition level of an element
   */
  ListLevels(int present) {
    this.present = present;
  }

  /** Adds a row with a list. */
  void add(int length) {
    repetition.add(0, 1);
    repetition.add(1, Math.max(0, length - 1));
    endRow(length == 0 ? present - 1 : present, Math.max(1, length));
  }

  /** Adds a row without a list. */
  void addMissing() {
    repetition.add(0, 1);
    endRow(0, 1);
  }

  private void endRow(int level, int times) {
    definition.add(level, times);
    rows++;
    values += times;
  }

  boolean isEmpty() {
    return rows == 0;
  }

  /**
   * Writes the page and starts the next one.
   *
   * @param elements the encoded elements of the lists
   * @param count how many elements there are
   * @param statistics their statistics, to which the rows without elements are added
   */
  void writePage(
      PageWriter pages, byte[] elements, int count, Statistics<?> statistics, Encoding encoding)
      throws IOException {
    statistics.incrementNumNulls(values - count);
    pages.writePage(
        BytesInput.concat(levels(repetition), levels(definition), BytesInput.from(elements)),
        values,
        rows,
        statistics,
        Encoding.RLE,
        Encoding.RLE,
        encoding);
    rows = 0;
    values = 0;
  }

  private static BytesInput levels(LevelRuns runs) {
    byte[] bytes = runs.take();
    return BytesInput.concat(BytesInput.fromInt(bytes.length), BytesInput.from(bytes));
  }
}
