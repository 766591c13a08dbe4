package io.sextant.jobs.ingest;

import io.sextant.schema.trace.LoadCounts;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Writes one layer of a step as a row of {@code load_counts}, without its partitions. */
final class LoadCountsWriteSupport extends WriteSupport<LoadCountsWriteSupport.LayerOfStep> {
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message spark_schema {
            required binary source (STRING);
            required int64 step;
            required int64 arrival_ms;
            required int32 layer;
            required group tokens (LIST) {
              repeated group list {
                required int64 element;
              }
            }
            required binary run_id (STRING);
          }
          """);

  /**
   * A row.
   *
   * @param layer index among the step's layers
   */
  record LayerOfStep(LoadCounts counts, int layer, Binary source) {}

  private final Binary runId;
  private RecordRow out;

  LoadCountsWriteSupport(String runId) {
    this.runId = Binary.fromString(runId);
  }

  @Override
  @SuppressWarnings("deprecation") // Parquet still declares the overload abstract.
  public WriteContext init(Configuration configuration) {
    return new WriteContext(SCHEMA, Map.of());
  }

  @Override
  public WriteContext init(ParquetConfiguration configuration) {
    return new WriteContext(SCHEMA, Map.of());
  }

  @Override
  public void prepareForWrite(RecordConsumer recordConsumer) {
    this.out = new RecordRow(recordConsumer);
  }

  @Override
  public void write(LayerOfStep row) {
    LoadCounts counts = row.counts();
    out.begin();
    out.text("source", row.source());
    out.number("step", counts.step());
    out.number("arrival_ms", counts.arrivalMillis());
    out.smallNumber("layer", counts.layers()[row.layer()]);
    out.list("tokens", counts.tokens()[row.layer()]);
    out.text("run_id", runId);
    out.end();
  }
}
