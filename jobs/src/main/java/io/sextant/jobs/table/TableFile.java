package io.sextant.jobs.table;

import io.sextant.jobs.storage.Storage;
import io.sextant.schema.table.Column;
import io.sextant.schema.table.ColumnType;
import io.sextant.schema.table.TableDefinition;
import java.io.Closeable;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * Writes one Parquet file of a table. Callers add the values of a row in the order of the table's
 * columns, without the partition columns, then call {@link #endRow}. Nothing is boxed and there is
 * no object per row. The same values give the same bytes.
 */
public final class TableFile implements Closeable {
  private static final long ROW_GROUP_BYTES = 64L << 20;
  private static final int ROWS_BETWEEN_CHECKS = 1_000;

  /** The columns whose pages are written here; parquet-java encodes the others. */
  private static final Set<ColumnType> OWN_PAGES =
      EnumSet.of(ColumnType.SHORT_ARRAY, ColumnType.INT_ARRAY, ColumnType.STRING);

  private static final ParquetProperties PROPERTIES =
      ParquetProperties.builder().withSizeStatisticsEnabled(false).build();

  private final String table;
  private final List<Column> columns;
  private final MessageType schema;

  /** The columns that parquet-java encodes. */
  private final MessageType encoded;

  private final CodecFactory codecs;
  private final BytesInputCompressor compressor;
  private final ParquetFileWriter file;
  private final ColumnWriter[] writers;
  private final IdPages[] ids;
  private final NumberPages[] numbers;
  private final TextPages[] texts;
  private final int[] present;

  private ColumnChunkPageWriteStore pages;
  private ColumnWriteStore store;
  private long rows;
  private int column;

  /** Creates the file, replacing one with the same name. */
  public TableFile(Path path, TableDefinition<?> table) throws IOException {
    this.columns = TableSchema.columns(table);
    Configuration configuration = Storage.configuration();
    this.table = table.name();
    this.schema = TableSchema.of(columns);
    this.encoded =
        TableSchema.of(columns.stream().filter(c -> !OWN_PAGES.contains(c.type())).toList());
    this.writers = new ColumnWriter[columns.size()];
    this.ids = new IdPages[columns.size()];
    this.numbers = new NumberPages[columns.size()];
    this.texts = new TextPages[columns.size()];
    this.present = new int[columns.size()];
    this.codecs = new CodecFactory(configuration, PROPERTIES.getPageSizeThreshold());
    this.compressor = codecs.getCompressor(CompressionCodecName.ZSTD);
    this.file =
        new ParquetFileWriter(
            HadoopOutputFile.fromPath(path, configuration),
            schema,
            ParquetFileWriter.Mode.OVERWRITE,
            ROW_GROUP_BYTES,
            0);
    file.start();
    beginRowGroup();
  }

  private void beginRowGroup() {
    pages =
        new ColumnChunkPageWriteStore(
            compressor,
            schema,
            PROPERTIES.getAllocator(),
            PROPERTIES.getColumnIndexTruncateLength());
    store = PROPERTIES.newColumnWriteStore(encoded, pages);
    for (int c = 0; c < writers.length; c++) {
      Type field = schema.getType(c);
      ColumnDescriptor descriptor = schema.getColumns().get(c);
      present[c] = descriptor.getMaxDefinitionLevel();
      if (encoded.containsField(field.getName())) {
        writers[c] = store.getColumnWriter(descriptor);
      } else if (columns.get(c).type() == ColumnType.INT_ARRAY) {
        numbers[c] = new NumberPages(descriptor, pages.getPageWriter(descriptor));
      } else if (descriptor.getMaxRepetitionLevel() > 0) {
        ids[c] = new IdPages(descriptor, pages.getPageWriter(descriptor));
      } else {
        texts[c] = new TextPages(descriptor, pages.getPageWriter(descriptor));
      }
    }
    rows = 0;
  }

  /** Adds a {@code LONG}. */
  public void number(long value) {
    writers[column].write(value, 0, present[column]);
    column++;
  }

  /** Adds an {@code INT}. */
  public void smallNumber(int value) {
    writers[column].write(value, 0, present[column]);
    column++;
  }

  /** Adds a {@code DOUBLE}. */
  public void real(double value) {
    writers[column].write(value, 0, present[column]);
    column++;
  }

  /** Adds a {@code STRING}; repeating the same object is fastest. */
  public void text(Binary value) throws IOException {
    texts[column].add(value);
    column++;
  }

  /** Adds a null, in a column that allows it. */
  public void missing() throws IOException {
    if (texts[column] != null) {
      texts[column].addMissing();
    } else if (numbers[column] != null) {
      numbers[column].addMissing();
    } else {
      writers[column].writeNull(0, 0);
    }
    column++;
  }

  /** Adds a {@code SHORT_ARRAY} of ids, which must not be negative. */
  public void ids(short[] values) throws IOException {
    ids[column].add(values);
    column++;
  }

  /** Adds an {@code INT_ARRAY}. */
  public void smallNumbers(int[] values) throws IOException {
    numbers[column].add(values);
    column++;
  }

  /** Adds a {@code LONG_ARRAY}. */
  public void numbers(long[] values) {
    ColumnWriter writer = writers[column];
    for (int i = 0; i < values.length; i++) {
      writer.write(values[i], i == 0 ? 0 : 1, present[column]);
    }
    endList(values.length);
  }

  private void endList(int length) {
    if (length == 0) {
      writers[column].writeNull(0, present[column] - 1);
    }
    column++;
  }

  /**
   * Completes a row.
   *
   * @throws IllegalStateException if a column has no value
   */
  public void endRow() throws IOException {
    if (column != writers.length) {
      throw new IllegalStateException(
          "A row of the table %s has %d values for %d columns"
              .formatted(table, column, writers.length));
    }
    store.endRecord();
    column = 0;
    rows++;
    if (rows % ROWS_BETWEEN_CHECKS == 0 && buffered() > ROW_GROUP_BYTES) {
      endRowGroup();
      beginRowGroup();
    }
  }

  private long buffered() {
    long bytes = store.getBufferedSize();
    for (int c = 0; c < writers.length; c++) {
      bytes += ids[c] == null ? 0 : ids[c].bytes();
      bytes += numbers[c] == null ? 0 : numbers[c].bytes();
      bytes += texts[c] == null ? 0 : texts[c].bytes();
    }
    return bytes;
  }

  private void endRowGroup() throws IOException {
    if (rows > 0) {
      store.flush();
      for (int c = 0; c < writers.length; c++) {
        if (ids[c] != null) {
          ids[c].flush();
        } else if (numbers[c] != null) {
          numbers[c].flush();
        } else if (texts[c] != null) {
          texts[c].flush();
        }
      }
      file.startBlock(rows);
      pages.flushToFileWriter(file);
      file.endBlock();
    }
    store.close();
    pages.close();
  }

  /** Completes the file, which may have no rows. */
  @Override
  public void close() throws IOException {
    try (file) {
      endRowGroup();
      file.end(Map.of());
    } finally {
      codecs.release();
    }
  }
}
