package io.sextant.jobs.ingest;

import io.sextant.schema.trace.LoadCounts;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Writes one layer of a step as a row of {@code load_counts}, without its partitions. */
final class LoadCountsWriteSupport extends RowWriteSupport<LoadCountsWriteSupport.LayerOfStep> {
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

  LoadCountsWriteSupport(String runId) {
    super(SCHEMA);
    this.runId = Binary.fromString(runId);
  }

  @Override
  void fields(LayerOfStep row, RecordRow out) {
    LoadCounts counts = row.counts();
    out.text("source", row.source());
    out.number("step", counts.step());
    out.number("arrival_ms", counts.arrivalMillis());
    out.smallNumber("layer", counts.layers()[row.layer()]);
    out.list("tokens", counts.tokens()[row.layer()]);
    out.text("run_id", runId);
  }
}
