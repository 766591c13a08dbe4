package io.sextant.jobs.table;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;

/**
 * Writes the column of lists of 32-bit numbers, which may be missing, in one row group. The pages
 * contain the numbers as they are (parquet-format, Encodings.md, "Plain"), without a dictionary
 * lookup per number; zstd compresses them nearly as well.
 */
final class NumberPages {
  private static final int PAGE_NUMBERS = 1 << 16;

  private final ColumnDescriptor column;
  private final PageWriter pages;
  private final int present;
  private final LevelRuns repetition = new LevelRuns();
  private final LevelRuns definition = new LevelRuns();

  private int[] numbers = new int[PAGE_NUMBERS];
  private int size;
  private int rows;
  private int values;

  NumberPages(ColumnDescriptor column, PageWriter pages) {
    this.column = column;
    this.pages = pages;
    this.present = column.getMaxDefinitionLevel();
  }

  /** Adds the list of a row. */
  void add(int[] list) throws IOException {
    if (list.length > PAGE_NUMBERS - size) {
      writePage();
      if (list.length > numbers.length) {
        numbers = new int[list.length];
      }
    }
    System.arraycopy(list, 0, numbers, size, list.length);
    size += list.length;
    repetition.add(0, 1);
    repetition.add(1, Math.max(0, list.length - 1));
    endRow(list.length == 0 ? present - 1 : present, Math.max(1, list.length));
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

  /** Completes the column of the row group. */
  void flush() throws IOException {
    writePage();
  }

  /** Memory that the pages take so far. */
  long bytes() {
    return pages.getMemSize() + Integer.BYTES * (long) size;
  }

  private void writePage() throws IOException {
    if (rows == 0) {
      return;
    }
    Statistics<?> statistics = Statistics.createStats(column.getPrimitiveType());
    ByteBuffer plain = ByteBuffer.allocate(Integer.BYTES * size).order(ByteOrder.LITTLE_ENDIAN);
    plain.asIntBuffer().put(numbers, 0, size);
    if (size > 0) {
      statistics.updateStats(Arrays.stream(numbers, 0, size).min().getAsInt());
      statistics.updateStats(Arrays.stream(numbers, 0, size).max().getAsInt());
    }
    statistics.incrementNumNulls(values - size);
    pages.writePage(
        BytesInput.concat(levels(repetition), levels(definition), BytesInput.from(plain.array())),
        values,
        rows,
        statistics,
        Encoding.RLE,
        Encoding.RLE,
        Encoding.PLAIN);
    size = 0;
    rows = 0;
    values = 0;
  }

  private static BytesInput levels(LevelRuns runs) {
    byte[] bytes = runs.take();
    return BytesInput.concat(BytesInput.fromInt(bytes.length), BytesInput.from(bytes));
  }
}
