package io.sextant.jobs.ingest;

import io.sextant.jobs.table.TableFile;
import io.sextant.schema.table.TraceTables;
import io.sextant.schema.trace.LoadCounts;
import io.sextant.schema.trace.RequestTrace;
import java.io.Closeable;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.parquet.io.api.Binary;

/**
 * Writes the requests and counts that a task reads into the staged tables {@code traces}, {@code
 * requests} and {@code load_counts}.
 */
final class TraceTableWriter implements Closeable {
  private final DayFiles traces;
  private final DayFiles requests;
  private final DayFiles counts;
  private final boolean tokenIds;
  private final Binary runId;
  private final Map<String, Binary> domains = new HashMap<>();

  /**
   * @param part name of the task attempt, which no other attempt uses
   */
  TraceTableWriter(IngestTask task, String part) {
    String name = task.runId() + "-" + part;
    String staging = task.staging();
    String model = task.model().name();
    this.traces = new DayFiles(staging, TraceTables.TRACES, model, name);
    this.requests = new DayFiles(staging, TraceTables.REQUESTS, model, name);
    this.tokenIds = task.tokenIds();
    this.counts = new DayFiles(staging, TraceTables.LOAD_COUNTS, model, name);
    this.runId = Binary.fromString(task.runId());
  }

  /**
   * Writes one row per layer, and the request's own row.
   *
   * @param identity the request's {@link RequestIdentity}; null if its source does not name
   *     requests
   */
  void write(RequestTrace request, Binary source, Long identity) throws IOException {
    TableFile file = traces.of(request.arrivalMillis());
    Binary domain = domains.computeIfAbsent(request.domain(), Binary::fromString);
    for (int layer = 0; layer < request.layers().length; layer++) {
      file.number(request.requestId());
      file.text(source);
      file.number(request.arrivalMillis());
      writePass(file, request);
      file.text(domain);
      file.smallNumber(request.sourceRank());
      file.smallNumber(request.layers()[layer]);
      file.smallNumber(request.prefillTokens());
      file.smallNumber(request.decodeTokens());
      file.smallNumber(request.unphasedTokens());
      file.smallNumber(request.topK());
      file.ids(request.experts()[layer]);
      file.text(runId);
      file.endRow();
    }
    writeRequest(request, source, domain, identity);
  }

  private static void writePass(TableFile file, RequestTrace request) throws IOException {
    if (request.origin().hasPass()) {
      file.number(request.origin().pass());
    } else {
      file.missing();
    }
  }

  private void writeRequest(RequestTrace request, Binary source, Binary domain, Long identity)
      throws IOException {
    TableFile file = requests.of(request.arrivalMillis());
    file.number(request.requestId());
    if (request.origin().name() == null) {
      file.missing();
    } else {
      file.text(Binary.fromString(request.origin().name()));
    }
    file.text(source);
    file.number(request.arrivalMillis());
    writePass(file, request);
    file.text(domain);
    file.smallNumber(request.sourceRank());
    if (tokenIds && request.promptTokenIds().length > 0) {
      file.smallNumbers(request.promptTokenIds());
    } else {
      file.missing();
    }
    file.smallNumber(request.prefillTokens());
    file.smallNumber(request.decodeTokens());
    if (identity == null) {
      file.missing();
    } else {
      file.number(identity);
    }
    file.text(runId);
    file.endRow();
  }

  /** Writes one row per layer. */
  void write(LoadCounts step, Binary source) throws IOException {
    TableFile file = counts.of(step.arrivalMillis());
    for (int layer = 0; layer < step.layers().length; layer++) {
      file.text(source);
      file.number(step.step());
      file.number(step.arrivalMillis());
      file.smallNumber(step.layers()[layer]);
      file.numbers(step.tokens()[layer]);
      file.text(runId);
      file.endRow();
    }
  }

  /** Paths of the Parquet files; complete once this is closed. */
  List<String> created() {
    return Stream.of(traces, requests, counts).flatMap(files -> files.created().stream()).toList();
  }

  @Override
  public void close() throws IOException {
    traces.close();
    requests.close();
    counts.close();
  }
}
