package io.sextant.jobs.table;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
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
  private final ListLevels levels;

  private int[] numbers = new int[PAGE_NUMBERS];
  private int size;

  NumberPages(ColumnDescriptor column, PageWriter pages) {
    this.column = column;
    this.pages = pages;
    this.levels = new ListLevels(column.getMaxDefinitionLevel());
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
    levels.add(list.length);
  }

  /** Adds a row without a list. */
  void addMissing() {
    levels.addMissing();
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
    if (levels.isEmpty()) {
      return;
    }
    Statistics<?> statistics = Statistics.createStats(column.getPrimitiveType());
    ByteBuffer plain = ByteBuffer.allocate(Integer.BYTES * size).order(ByteOrder.LITTLE_ENDIAN);
    plain.asIntBuffer().put(numbers, 0, size);
    if (size > 0) {
      statistics.updateStats(Arrays.stream(numbers, 0, size).min().getAsInt());
      statistics.updateStats(Arrays.stream(numbers, 0, size).max().getAsInt());
    }
    levels.writePage(pages, plain.array(), size, statistics, Encoding.PLAIN);
    size = 0;
  }
}
