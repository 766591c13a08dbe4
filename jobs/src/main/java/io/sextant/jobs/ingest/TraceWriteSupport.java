package io.sextant.jobs.ingest;

import io.sextant.schema.trace.RequestTrace;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * Writes one layer of a request as a row of the {@code traces} table, straight from the arrays: no
 * object a row, no boxed id. The schema is that of {@code Tables.TRACES} without its partitions, in
 * the form Spark reads as {@code array<short>}.
 */
final class TraceWriteSupport extends WriteSupport<TraceWriteSupport.LayerOfRequest> {
  static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message spark_schema {
            required int64 request_id;
            required binary source (STRING);
            required int64 arrival_ms;
            required binary domain (STRING);
            required int32 source_rank;
            required int32 layer;
            required int32 prefill_tokens;
            required int32 decode_tokens;
            required int32 top_k;
            required group experts (LIST) {
              repeated group list {
                required int32 element (INTEGER(16, true));
              }
            }
            required binary run_id (STRING);
          }
          """);

  /**
   * A row.
   *
   * @param request the request
   * @param layer index among its layers
   * @param source name of the file it came from
   */
  record LayerOfRequest(RequestTrace request, int layer, Binary source, Binary domain) {}

  private final Binary runId;
  private RecordConsumer out;

  TraceWriteSupport(String runId) {
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
    this.out = recordConsumer;
  }

  @Override
  public void write(LayerOfRequest row) {
    RequestTrace request = row.request();
    out.startMessage();
    addLong("request_id", 0, request.requestId());
    addText("source", 1, row.source());
    addLong("arrival_ms", 2, request.arrivalMillis());
    addText("domain", 3, row.domain());
    addInteger("source_rank", 4, request.sourceRank());
    addInteger("layer", 5, request.layers()[row.layer()]);
    addInteger("prefill_tokens", 6, request.prefillTokens());
    addInteger("decode_tokens", 7, request.decodeTokens());
    addInteger("top_k", 8, request.topK());
    addExperts(request.experts()[row.layer()]);
    addText("run_id", 10, runId);
    out.endMessage();
  }

  private void addExperts(short[] experts) {
    out.startField("experts", 9);
    out.startGroup();
    out.startField("list", 0);
    for (short expert : experts) {
      out.startGroup();
      out.startField("element", 0);
      out.addInteger(expert);
      out.endField("element", 0);
      out.endGroup();
    }
    out.endField("list", 0);
    out.endGroup();
    out.endField("experts", 9);
  }

  private void addLong(String field, int index, long value) {
    out.startField(field, index);
    out.addLong(value);
    out.endField(field, index);
  }

  private void addInteger(String field, int index, int value) {
    out.startField(field, index);
    out.addInteger(value);
    out.endField(field, index);
  }

  private void addText(String field, int index, Binary value) {
    out.startField(field, index);
    out.addBinary(value);
    out.endField(field, index);
  }
}
