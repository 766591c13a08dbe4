package io.sextant.schema.trace.parquet;

import io.sextant.schema.trace.RequestTrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Requests as Parquet rows, the experts in the order of their ids with scores that rank them. */
public final class ParquetRows {
  private static final String SCHEMA =
      """
          message rows {
            required int64 request_id;
            optional int32 token;
            required int32 layer;
            optional binary phase (STRING);
            optional binary domain (STRING);
            optional int64 arrival_ms;
            optional double router_entropy;
            optional group indices (LIST) {
              repeated group list {
                optional int32 element;
              }
            }
            optional group scores (LIST) {
              repeated group list {
                optional float element;
              }
            }
          }
          """;

  private ParquetRows() {}

  public static byte[] of(List<RequestTrace> requests) throws IOException {
    return of(requests, column -> column);
  }

  /**
   * The same with other columns.
   *
   * @param change changes the text of the schema; rows have no column that is left out
   */
  static byte[] of(List<RequestTrace> requests, UnaryOperator<String> change) throws IOException {
    MessageType schema = MessageTypeParser.parseMessageType(change.apply(SCHEMA));
    Path file = Files.createTempDirectory("rows").resolve("rows.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withRowGroupSize(64L << 10)
            .build()) {
      for (RequestTrace request : requests) {
        for (int token = 0; token < request.tokens(); token++) {
          for (int layer = 0; layer < request.layers().length; layer++) {
            writer.write(row(schema, request, token, layer));
          }
        }
      }
    }
    return Files.readAllBytes(file);
  }

  private static Group row(MessageType schema, RequestTrace request, int token, int layer) {
    Group row = new SimpleGroup(schema);
    row.add("request_id", request.requestId());
    row.add("token", token);
    row.add("layer", request.layers()[layer]);
    if (schema.containsField("phase")) {
      row.add("phase", token < request.prefillTokens() ? "prefill" : "decode");
    }
    if (schema.containsField("source_rank")) {
      row.add("source_rank", request.sourceRank());
    }
    row.add("domain", request.domain());
    row.add("arrival_ms", request.arrivalMillis());
    row.add("router_entropy", 0.5);
    Group indices = row.addGroup("indices");
    Group scores = row.addGroup("scores");
    int topK = request.topK();
    for (int expert = 0; expert < 128; expert++) {
      for (int k = 0; k < topK; k++) {
        if (request.experts()[layer][token * topK + k] == expert) {
          indices.addGroup("list").add("element", expert);
          scores.addGroup("list").add("element", 1f / (k + 1));
        }
      }
    }
    return row;
  }
}
