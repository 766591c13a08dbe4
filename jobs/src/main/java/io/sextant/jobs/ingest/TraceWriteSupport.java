package io.sextant.jobs.ingest;

import io.sextant.schema.trace.RequestTrace;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * Writes one layer of a request as a row of the {@code traces} table, straight from the arrays: no
 * object a row, no boxed id. The schema is that of {@code Tables.TRACES} without its partitions, in
 * the form Spark reads as {@code array<short>}.
 */
final class TraceWriteSupport extends RowWriteSupport<TraceWriteSupport.LayerOfRequest> {
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

  TraceWriteSupport(String runId) {
    super(SCHEMA);
    this.runId = Binary.fromString(runId);
  }

  @Override
  void fields(LayerOfRequest row, RecordRow out) {
    RequestTrace request = row.request();
    out.number("request_id", request.requestId());
    out.text("source", row.source());
    out.number("arrival_ms", request.arrivalMillis());
    out.text("domain", row.domain());
    out.smallNumber("source_rank", request.sourceRank());
    out.smallNumber("layer", request.layers()[row.layer()]);
    out.smallNumber("prefill_tokens", request.prefillTokens());
    out.smallNumber("decode_tokens", request.decodeTokens());
    out.smallNumber("top_k", request.topK());
    out.list("experts", request.experts()[row.layer()]);
    out.text("run_id", runId);
  }
}
