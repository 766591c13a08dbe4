package io.sextant.schema.table;

import static io.sextant.schema.table.ColumnType.INT;
import static io.sextant.schema.table.ColumnType.INT_ARRAY;
import static io.sextant.schema.table.ColumnType.LONG;
import static io.sextant.schema.table.ColumnType.LONG_ARRAY;
import static io.sextant.schema.table.ColumnType.SHORT_ARRAY;
import static io.sextant.schema.table.ColumnType.STRING;
import static io.sextant.schema.table.Columns.LAYER;
import static io.sextant.schema.table.Columns.RUN_ID;
import static io.sextant.schema.table.Columns.byDay;
import static io.sextant.schema.table.Columns.byModel;
import static io.sextant.schema.table.Columns.column;
import static io.sextant.schema.table.Columns.nullable;

/** The tables that {@code ingest} writes: recorded routing, and the files it came from. */
public final class TraceTables {
  private static final Column REQUEST_ID =
      column("request_id", LONG, "", "id within its source; see formats.md for ids that are text");

  private static final Column SOURCE =
      column("source", STRING, "", "name of the file it came from, without extensions");

  private static final Column PASS =
      nullable(
          "pass",
          LONG,
          "",
          "forward pass, step or iteration in which the request began, as the engine numbers it; null if the"
              + " source does not number passes, and in rows written before the column was added");

  public static final TableDefinition<TraceRow> TRACES =
      byDay(
          TraceRow.class,
          "traces",
          "the routing of one request in one MoE layer",
          REQUEST_ID,
          SOURCE,
          column("arrival_ms", LONG, "milliseconds since 1970 UTC", "arrival of the request"),
          PASS,
          column("domain", STRING, "", "subject of the request, as named by the source"),
          column("source_rank", INT, "", "data-parallel rank that served the request"),
          LAYER,
          column("prefill_tokens", INT, "tokens", "number of rows of the prompt, which come first"),
          column("decode_tokens", INT, "tokens", "number of rows of generated tokens"),
          nullable(
              "unphased_tokens",
              INT,
              "tokens",
              "number of rows whose phase is not known; a request has either only such rows or none. Null (none) in"
                  + " rows written before the column was added"),
          column("top_k", INT, "experts", "number of experts per token"),
          column(
              "experts",
              SHORT_ARRAY,
              "",
              "logical expert ids, top_k per token, token after token, prefill first"),
          RUN_ID);

  /** A row of {@link #TRACES}. */
  public record TraceRow(
      long requestId,
      String source,
      long arrivalMs,
      Long pass,
      String domain,
      int sourceRank,
      int layer,
      int prefillTokens,
      int decodeTokens,
      Integer unphasedTokens,
      int topK,
      short[] experts,
      String runId,
      String model,
      String day) {}

  public static final TableDefinition<RequestRow> REQUESTS =
      byDay(
          RequestRow.class,
          "requests",
          "a request, with what a router can know of it before prefill",
          REQUEST_ID,
          nullable(
              "request_name",
              STRING,
              "",
              "id as the source writes it, if request_id is a hash of it; null if request_id is the source's own"
                  + " number, and in rows written before the column was added"),
          SOURCE,
          column("arrival_ms", LONG, "milliseconds since 1970 UTC", "arrival of the request"),
          PASS,
          column(
              "label",
              STRING,
              "",
              "subject, task or tenant of the request, as named by the source; the domain in traces"),
          column("source_rank", INT, "", "data-parallel rank that served the request"),
          nullable(
              "prompt_token_ids",
              INT_ARRAY,
              "",
              "token ids of the prompt, which are its text, or of its last tokens if the source gives only"
                  + " those; null if the source does not give"
                  + " them or ingest left them out"),
          column("prefill_tokens", INT, "tokens", "number of rows of the prompt"),
          column("decode_tokens", INT, "tokens", "number of rows of generated tokens"),
          nullable(
              "identity",
              LONG,
              "",
              "hash of id, arrival, number of rows and routing, by which ingest recognises the same request in"
                  + " another file; null if the source does not name requests, and in rows written before the"
                  + " column was added"),
          RUN_ID);

  /** A row of {@link #REQUESTS}. */
  public record RequestRow(
      long requestId,
      String requestName,
      String source,
      long arrivalMs,
      Long pass,
      String label,
      int sourceRank,
      int[] promptTokenIds,
      int prefillTokens,
      int decodeTokens,
      Long identity,
      String runId,
      String model,
      String day) {}

  public static final TableDefinition<LoadCountsRow> LOAD_COUNTS =
      byDay(
          LoadCountsRow.class,
          "load_counts",
          "the counts of an engine that does not trace, for one MoE layer in one step",
          column("source", STRING, "", "name of the file it came from, without extensions"),
          column("step", LONG, "", "the engine's step, iteration or forward pass"),
          column(
              "arrival_ms",
              LONG,
              "milliseconds since 1970 UTC",
              "time at which the engine wrote the counts"),
          LAYER,
          column(
              "tokens",
              LONG_ARRAY,
              "tokens",
              "number of tokens that chose each logical expert, from 0"),
          RUN_ID);

  /** A row of {@link #LOAD_COUNTS}. */
  public record LoadCountsRow(
      String source,
      long step,
      long arrivalMs,
      int layer,
      long[] tokens,
      String runId,
      String model,
      String day) {}

  public static final TableDefinition<FileRow> FILES =
      byModel(
          FileRow.class,
          "files",
          "a file that ingest has seen, identified by its content and what its path says",
          column(
              "content_id",
              STRING,
              "",
              "SHA-256 of the bytes after decompression, hex; in rows whose repeated is null, of the stored bytes"),
          column("path", STRING, "", "the path it was read from"),
          nullable("format", STRING, "", "name of the format; null if none was recognised"),
          column("bytes", LONG, "bytes", "size as stored"),
          column("requests", LONG, "requests", "number of requests kept"),
          column("tokens", LONG, "tokens", "number of rows of the requests kept"),
          column("expert_ids", LONG, "ids", "number of expert ids of the requests kept"),
          column("rejected", LONG, "requests", "number of requests quarantined"),
          nullable(
              "repeated",
              LONG,
              "requests",
              "number of requests left out because another file, or the file itself, has them; null in rows written"
                  + " before the column was added"),
          nullable(
              "tokens_id",
              STRING,
              "",
              "identity of the recorded tokens, in formats whose ranks may repeat one another"),
          nullable("remarks", STRING, "", "remarks about the file, one sentence each"),
          column(
              "status",
              STRING,
              "",
              "ingested, quarantined, or repeated (other files have the same tokens or requests)"),
          RUN_ID);

  /** A row of {@link #FILES}. */
  public record FileRow(
      String contentId,
      String path,
      String format,
      long bytes,
      long requests,
      long tokens,
      long expertIds,
      long rejected,
      Long repeated,
      String tokensId,
      String remarks,
      String status,
      String runId,
      String model) {}

  public static final TableDefinition<QuarantineRow> QUARANTINE =
      byModel(
          QuarantineRow.class,
          "quarantine",
          "a file or request that could not be used",
          column("path", STRING, "", "path of the file"),
          column("content_id", STRING, "", "content_id of the file in files"),
          nullable("row", LONG, "", "request within the file, from 0; null for the whole file"),
          column("reason", STRING, "", "the fault, with the values found"),
          RUN_ID);

  /** A row of {@link #QUARANTINE}. */
  public record QuarantineRow(
      String path, String contentId, Long row, String reason, String runId, String model) {}

  private TraceTables() {}
}
