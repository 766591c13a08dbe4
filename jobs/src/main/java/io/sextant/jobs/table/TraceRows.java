package io.sextant.jobs.table;

import io.sextant.jobs.storage.Storage;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * The rows of the {@code traces} table in one {@link TableSplit}, as a cursor over arrays, without
 * an object per row and without a copy of its ids. Call {@link #next} before each row.
 */
public final class TraceRows implements Closeable {
  private static final List<String> COLUMNS =
      List.of(
          "arrival_ms",
          "source",
          "domain",
          "layer",
          "prefill_tokens",
          "decode_tokens",
          "top_k",
          "experts");

  private final TableSplit split;
  private final ParquetFileReader file;
  private final MessageType schema;
  private final String createdBy;
  private final Map<Binary, String> texts = new HashMap<>();

  private long rowsLeft;
  private ColumnReader arrival;
  private ColumnReader sources;
  private ColumnReader domains;
  private ColumnReader layers;
  private ColumnReader prefill;
  private ColumnReader decode;
  private ColumnReader topKs;
  private IdLists experts;

  private long arrivalMillis;
  private String source;
  private String domain;
  private int layer;
  private int prefillTokens;
  private int decodeTokens;
  private int topK;

  /**
   * @throws IOException if the storage fails
   */
  public TraceRows(TableSplit split) throws IOException {
    this.split = split;
    Configuration configuration = Storage.configuration();
    this.file =
        ParquetFileReader.open(
            HadoopInputFile.fromPath(new Path(split.path()), configuration),
            HadoopReadOptions.builder(configuration)
                .withRange(split.start(), split.start() + split.bytes())
                .build());
    MessageType stored = file.getFileMetaData().getSchema();
    List<Type> fields = new ArrayList<>();
    for (String column : COLUMNS) {
      fields.add(stored.getType(column));
    }
    this.schema = new MessageType(stored.getName(), fields);
    this.createdBy = file.getFileMetaData().getCreatedBy();
    file.setRequestedSchema(schema);
  }

  /** Moves to the next row; returns false if there is none. */
  public boolean next() throws IOException {
    while (rowsLeft == 0) {
      PageReadStore rowGroup = file.readNextRowGroup();
      if (rowGroup == null) {
        return false;
      }
      open(rowGroup);
    }
    rowsLeft--;
    arrivalMillis = arrival.getLong();
    arrival.consume();
    source = text(sources);
    domain = text(domains);
    layer = number(layers);
    prefillTokens = number(prefill);
    decodeTokens = number(decode);
    topK = number(topKs);
    experts.next();
    return true;
  }

  private void open(PageReadStore rowGroup) throws IOException {
    ColumnReadStoreImpl columns =
        new ColumnReadStoreImpl(rowGroup, new NoRecords(), schema, createdBy);
    arrival = columns.getColumnReader(column("arrival_ms"));
    sources = columns.getColumnReader(column("source"));
    domains = columns.getColumnReader(column("domain"));
    layers = columns.getColumnReader(column("layer"));
    prefill = columns.getColumnReader(column("prefill_tokens"));
    decode = columns.getColumnReader(column("decode_tokens"));
    topKs = columns.getColumnReader(column("top_k"));
    ColumnDescriptor ids = column("experts");
    experts = new IdLists(ids, rowGroup.getPageReader(ids));
    rowsLeft = rowGroup.getRowCount();
  }

  private ColumnDescriptor column(String name) {
    return schema.getColumns().stream()
        .filter(descriptor -> descriptor.getPath()[0].equals(name))
        .findFirst()
        .orElseThrow();
  }

  private String text(ColumnReader column) {
    String text = texts.computeIfAbsent(column.getBinary(), Binary::toStringUsingUTF8);
    column.consume();
    return text;
  }

  private static int number(ColumnReader column) {
    int number = column.getInteger();
    column.consume();
    return number;
  }

  /** The day's folder, yyyy-MM-dd. */
  public String day() {
    return split.day();
  }

  public long arrivalMillis() {
    return arrivalMillis;
  }

  public String source() {
    return source;
  }

  public String domain() {
    return domain;
  }

  /** Absolute id of the layer. */
  public int layer() {
    return layer;
  }

  public int prefillTokens() {
    return prefillTokens;
  }

  public int decodeTokens() {
    return decodeTokens;
  }

  public int topK() {
    return topK;
  }

  /** The array that contains the row's ids, among others; valid until the next row. */
  public short[] ids() {
    return experts.ids();
  }

  /** Start of the row's ids in {@link #ids}. */
  public int from() {
    return experts.from();
  }

  /** End of the row's ids in {@link #ids}, exclusive. */
  public int to() {
    return experts.to();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Columns are read one by one, so that no record is assembled. */
  private static final class NoRecords extends GroupConverter {
    @Override
    public Converter getConverter(int field) {
      return field == COLUMNS.size() - 1 ? new NoRecords() : new NoValue();
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }

  private static final class NoValue extends PrimitiveConverter {}
}
