package io.sextant.jobs.ingest;

import io.sextant.jobs.Storage;
import io.sextant.jobs.ingest.TraceWriteSupport.LayerOfRequest;
import io.sextant.schema.trace.RequestTrace;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;

/** Spreads requests over one Parquet file a day below a staging folder. */
final class TraceTableWriter implements Closeable {
  /** Each open file buffers a row group; traces come in order of arrival, so few are open. */
  private static final int MOST_OPEN_DAYS = 4;

  private static final long ROW_GROUP_BYTES = 64L << 20;

  private final Path folder;
  private final String runId;
  private final String part;
  private final Map<String, ParquetWriter<LayerOfRequest>> open =
      new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, Binary> domains = new HashMap<>();
  private final List<String> created = new ArrayList<>();

  /**
   * @param folder the staged table, above its partitions
   * @param part name of the task attempt, which no other shares
   */
  TraceTableWriter(Path folder, String runId, String part) {
    this.folder = folder;
    this.runId = runId;
    this.part = part;
  }

  void write(RequestTrace request, Binary source) throws IOException {
    String day =
        Instant.ofEpochMilli(request.arrivalMillis())
            .atZone(ZoneOffset.UTC)
            .toLocalDate()
            .toString();
    ParquetWriter<LayerOfRequest> writer = open.get(day);
    if (writer == null) {
      if (open.size() == MOST_OPEN_DAYS) {
        Iterator<ParquetWriter<LayerOfRequest>> oldest = open.values().iterator();
        oldest.next().close();
        oldest.remove();
      }
      writer = create(day);
      open.put(day, writer);
    }
    Binary domain = domains.computeIfAbsent(request.domain(), Binary::fromString);
    for (int layer = 0; layer < request.layers().length; layer++) {
      writer.write(new LayerOfRequest(request, layer, source, domain));
    }
  }

  private ParquetWriter<LayerOfRequest> create(String day) throws IOException {
    Path file =
        new Path(
            folder, "day=%s/part-%s-%s-%03d.parquet".formatted(day, runId, part, created.size()));
    created.add(file.toString());
    return new Builder(file, runId)
        .withConf(Storage.configuration())
        .withCompressionCodec(CompressionCodecName.ZSTD)
        .withRowGroupSize(ROW_GROUP_BYTES)
        .build();
  }

  /** Paths of the Parquet files; complete once this is closed. */
  List<String> created() {
    return created;
  }

  @Override
  public void close() throws IOException {
    for (ParquetWriter<LayerOfRequest> writer : open.values()) {
      writer.close();
    }
    open.clear();
  }

  private static final class Builder extends ParquetWriter.Builder<LayerOfRequest, Builder> {
    private final String runId;

    Builder(Path file, String runId) {
      super(file);
      this.runId = runId;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<LayerOfRequest> getWriteSupport(Configuration conf) {
      return new TraceWriteSupport(runId);
    }
  }
}
