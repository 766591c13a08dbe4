package io.sextant.jobs.ingest;

import io.sextant.jobs.ingest.LoadCountsWriteSupport.LayerOfStep;
import io.sextant.jobs.ingest.TraceWriteSupport.LayerOfRequest;
import io.sextant.schema.table.Tables;
import io.sextant.schema.trace.LoadCounts;
import io.sextant.schema.trace.RequestTrace;
import java.io.Closeable;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.io.api.Binary;

/** Writes what a task reads into the staged tables {@code traces} and {@code load_counts}. */
final class TraceTableWriter implements Closeable {
  private final DayFiles<LayerOfRequest> traces;
  private final DayFiles<LayerOfStep> counts;
  private final Map<String, Binary> domains = new HashMap<>();

  /**
   * @param staging folder of the staged tables
   * @param part name of the task attempt, which no other shares
   */
  TraceTableWriter(String staging, String model, String runId, String part) {
    String name = runId + "-" + part;
    this.traces =
        new DayFiles<>(
            folder(staging, Tables.TRACES.name(), model), name, () -> new TraceWriteSupport(runId));
    this.counts =
        new DayFiles<>(
            folder(staging, Tables.LOAD_COUNTS.name(), model),
            name,
            () -> new LoadCountsWriteSupport(runId));
  }

  private static Path folder(String staging, String table, String model) {
    return new Path(staging, table + "/model=" + model);
  }

  void write(RequestTrace request, Binary source) throws IOException {
    ParquetWriter<LayerOfRequest> writer = traces.of(request.arrivalMillis());
    Binary domain = domains.computeIfAbsent(request.domain(), Binary::fromString);
    for (int layer = 0; layer < request.layers().length; layer++) {
      writer.write(new LayerOfRequest(request, layer, source, domain));
    }
  }

  void write(LoadCounts step, Binary source) throws IOException {
    ParquetWriter<LayerOfStep> writer = counts.of(step.arrivalMillis());
    for (int layer = 0; layer < step.layers().length; layer++) {
      writer.write(new LayerOfStep(step, layer, source));
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
