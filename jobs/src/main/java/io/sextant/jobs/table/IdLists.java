package io.sextant.jobs.table;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ValuesType;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.values.ValuesReader;

/**
 * Reads a column of lists of expert ids in one row group, page by page into one array, in any
 * encoding. Rows come in order; the ids of a row are {@link #ids} from {@link #from} to {@link
 * #to}.
 */
final class IdLists {
  private final ColumnDescriptor column;
  private final PageReader pages;
  private final int[] dictionary;

  private short[] ids = new short[1 << 16];
  private int size;

  /** Offsets of the rows in the array; the last row may continue in the next page. */
  private int[] starts = new int[1 << 10];

  private int rows;
  private int row = -1;
  private boolean ended;

  IdLists(ColumnDescriptor column, PageReader pages) throws IOException {
    this.column = column;
    this.pages = pages;
    DictionaryPage page = pages.readDictionaryPage();
    this.dictionary = page == null ? new int[0] : ids(column, page);
  }

  private static int[] ids(ColumnDescriptor column, DictionaryPage page) throws IOException {
    Dictionary dictionary = page.getEncoding().initDictionary(column, page);
    int[] ids = new int[dictionary.getMaxId() + 1];
    for (int index = 0; index < ids.length; index++) {
      ids[index] = dictionary.decodeToInt(index);
    }
    return ids;
  }

  /** Moves to the next row, which must exist. */
  void next() throws IOException {
    row++;
    while (row + 1 >= rows && !ended) {
      readPage();
    }
    if (row >= rows) {
      throw new IOException("The column of ids ends before its rows do");
    }
  }

  short[] ids() {
    return ids;
  }

  int from() {
    return starts[row];
  }

  int to() {
    return row + 1 < rows ? starts[row + 1] : size;
  }

  private void readPage() throws IOException {
    DataPage page = pages.readPage();
    if (page == null) {
      ended = true;
      return;
    }
    keepOpenRow();
    int count = page.getValueCount();
    int mostRepetition = column.getMaxRepetitionLevel();
    int mostDefinition = column.getMaxDefinitionLevel();
    if (page instanceof DataPageV1 first) {
      byte[] bytes = first.getBytes().toByteArray();
      int definitionAt = end(bytes, 0);
      int valuesAt = end(bytes, definitionAt);
      append(
          levels(bytes, Integer.BYTES, mostRepetition, count),
          levels(bytes, definitionAt + Integer.BYTES, mostDefinition, count),
          first.getValueEncoding(),
          bytes,
          valuesAt);
    } else {
      DataPageV2 second = (DataPageV2) page;
      append(
          levels(second.getRepetitionLevels().toByteArray(), 0, mostRepetition, count),
          levels(second.getDefinitionLevels().toByteArray(), 0, mostDefinition, count),
          second.getDataEncoding(),
          second.getData().toByteArray(),
          0);
    }
  }

  /** Rows before this one are no longer needed, so their space is reused. */
  private void keepOpenRow() {
    int kept = Math.min(row, rows);
    int from = kept < rows ? starts[kept] : size;
    System.arraycopy(ids, from, ids, 0, size - from);
    size -= from;
    for (int r = kept; r < rows; r++) {
      starts[r - kept] = starts[r] - from;
    }
    rows -= kept;
    row -= kept;
  }

  /** The end of levels that begin with their length. */
  private static int end(byte[] bytes, int at) {
    int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
    return at + Integer.BYTES + length;
  }

  private static int[] levels(byte[] bytes, int at, int most, int count) throws IOException {
    int[] levels = new int[count];
    new HybridRuns(bytes, at, BytesUtils.getWidthFromMaxInt(most)).read(levels);
    return levels;
  }

  private void append(int[] repetition, int[] definition, Encoding encoding, byte[] stored, int at)
      throws IOException {
    int count = repetition.length;
    int present = column.getMaxDefinitionLevel();
    int values = 0;
    for (int level : definition) {
      values += level == present ? 1 : 0;
    }
    int[] found = new int[values];
    if (encoding.usesDictionary()) {
      new HybridRuns(stored, at + 1, stored[at]).read(found);
      for (int i = 0; i < values; i++) {
        found[i] = dictionary[found[i]];
      }
    } else {
      ValuesReader reader = encoding.getValuesReader(column, ValuesType.VALUES);
      reader.initFromPage(
          values, ByteBufferInputStream.wrap(ByteBuffer.wrap(stored, at, stored.length - at)));
      for (int i = 0; i < values; i++) {
        found[i] = reader.readInteger();
      }
    }
    if (size + values > ids.length) {
      ids = Arrays.copyOf(ids, Math.max(size + values, 2 * ids.length));
    }
    for (int i = 0, value = 0; i < count; i++) {
      if (repetition[i] == 0) {
        beginRow();
      }
      if (definition[i] == present) {
        ids[size++] = (short) found[value++];
      }
    }
  }

  private void beginRow() {
    if (rows == starts.length) {
      starts = Arrays.copyOf(starts, 2 * rows);
    }
    starts[rows++] = size;
  }
}
