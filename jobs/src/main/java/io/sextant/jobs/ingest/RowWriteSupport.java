package io.sextant.jobs.ingest;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;

/**
 * Writes rows of one schema straight from arrays.
 *
 * @param <T> a row
 */
abstract class RowWriteSupport<T> extends WriteSupport<T> {
  private final MessageType schema;
  private RecordRow out;

  RowWriteSupport(MessageType schema) {
    this.schema = schema;
  }

  @Override
  @SuppressWarnings("deprecation") // Parquet still declares the overload abstract.
  public WriteContext init(Configuration configuration) {
    return new WriteContext(schema, Map.of());
  }

  @Override
  public WriteContext init(ParquetConfiguration configuration) {
    return new WriteContext(schema, Map.of());
  }

  @Override
  public void prepareForWrite(RecordConsumer recordConsumer) {
    this.out = new RecordRow(recordConsumer);
  }

  @Override
  public void write(T row) {
    out.begin();
    fields(row, out);
    out.end();
  }

  /** Writes the fields of a row in the order of the schema. */
  abstract void fields(T row, RecordRow out);
}
