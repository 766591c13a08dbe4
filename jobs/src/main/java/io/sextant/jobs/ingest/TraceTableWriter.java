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
 * Writes the requests and counts that a task reads into the staged tables {@code traces} and {@code
 * load_counts}.
 */
final class TraceTableWriter implements Closeable {
  private final DayFiles traces;
  private final DayFiles counts;
  private final Binary runId;
  private final Map<String, Binary> domains = new HashMap<>();

  /**
   * @param staging folder of the staged tables
   * @param part name of the task attempt, which no other attempt uses
   */
  TraceTableWriter(String staging, String model, String runId, String part) {
    String name = runId + "-" + part;
    this.traces = new DayFiles(staging, TraceTables.TRACES, model, name);
    this.counts = new DayFiles(staging, TraceTables.LOAD_COUNTS, model, name);
    this.runId = Binary.fromString(runId);
  }

  /** Writes one row per layer. */
  void write(RequestTrace request, Binary source) throws IOException {
    TableFile file = traces.of(request.arrivalMillis());
    Binary domain = domains.computeIfAbsent(request.domain(), Binary::fromString);
    for (int layer = 0; layer < request.layers().length; layer++) {
      file.number(request.requestId());
      file.text(source);
      file.number(request.arrivalMillis());
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
    return Stream.concat(traces.created().stream(), counts.created().stream()).toList();
  }

  @Override
  public void close() throws IOException {
    traces.close();
    counts.close();
  }
}
