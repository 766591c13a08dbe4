package io.sextant.jobs.table;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.apache.parquet.io.api.Binary;

/**
 * Writes a column of texts in one row group. Most rows repeat the text of the previous row, often
 * as the same object, so only a change is looked up in the dictionary.
 */
final class TextPages {
  private static final int PAGE_VALUES = 1 << 18;
  private static final int BUFFER_BYTES = 1 << 10;
  private static final int MOST_BUFFER_BYTES = 1 << 20;

  private final ColumnDescriptor column;
  private final PageWriter pages;
  private final boolean nullable;
  private final Map<Binary, Integer> dictionary = new HashMap<>();
  private final ByteArrayOutputStream texts = new ByteArrayOutputStream();
  private final LevelRuns definition = new LevelRuns();
  private final int[] indices = new int[PAGE_VALUES];

  private Statistics<?> statistics;
  private Binary last;
  private int lastIndex;
  private int rows;
  private int values;

  TextPages(ColumnDescriptor column, PageWriter pages) {
    this.column = column;
    this.pages = pages;
    this.nullable = column.getMaxDefinitionLevel() > 0;
    beginPage();
  }

  private void beginPage() {
    statistics = Statistics.createStats(column.getPrimitiveType());
    last = null;
    rows = 0;
    values = 0;
  }

  @SuppressWarnings("ReferenceEquality") // Identity is intended here.
  void add(Binary text) throws IOException {
    if (text != last) {
      last = text;
      lastIndex = index(text);
      statistics.updateStats(text);
    }
    indices[values++] = lastIndex;
    endRow(1);
  }

  void addMissing() throws IOException {
    statistics.incrementNumNulls();
    endRow(0);
  }

  private void endRow(int level) throws IOException {
    definition.add(level, 1);
    if (++rows == PAGE_VALUES) {
      writePage();
    }
  }

  private int index(Binary text) {
    Integer known = dictionary.get(text);
    if (known != null) {
      return known;
    }
    int index = dictionary.size();
    dictionary.put(text.copy(), index);
    byte[] bytes = text.getBytesUnsafe();
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      texts.write(bytes.length >>> shift);
    }
    texts.write(bytes, 0, bytes.length);
    return index;
  }

  /** Completes the column of the row group. */
  void flush() throws IOException {
    writePage();
    pages.writeDictionaryPage(
        new DictionaryPage(
            BytesInput.from(texts.toByteArray()), dictionary.size(), Encoding.PLAIN_DICTIONARY));
  }

  /** Memory that the column takes so far. */
  long bytes() {
    return pages.getMemSize() + texts.size();
  }

  private void writePage() throws IOException {
    if (rows == 0) {
      return;
    }
    int bits = Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(dictionary.size() - 1));
    try (RunLengthBitPackingHybridEncoder encoder =
        new RunLengthBitPackingHybridEncoder(
            bits, BUFFER_BYTES, MOST_BUFFER_BYTES, HeapByteBufferAllocator.getInstance())) {
      for (int i = 0; i < values; i++) {
        encoder.writeInt(indices[i]);
      }
      byte[] levels = definition.take();
      pages.writePage(
          BytesInput.concat(
              nullable
                  ? BytesInput.concat(BytesInput.fromInt(levels.length), BytesInput.from(levels))
                  : BytesInput.empty(),
              BytesInput.from(new byte[] {(byte) bits}),
              encoder.toBytes()),
          rows,
          rows,
          statistics,
          Encoding.RLE,
          Encoding.RLE,
          Encoding.PLAIN_DICTIONARY);
    }
    beginPage();
  }
}
