package io.sextant.jobs.ingest;

import io.sextant.jobs.Storage;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Spreads rows over one Parquet file a day below a staged table.
 *
 * @param <T> a row
 */
final class DayFiles<T> implements Closeable {
  /** Each open file buffers a row group; traces come in order of arrival, so few are open. */
  private static final int MOST_OPEN_DAYS = 4;

  private static final long ROW_GROUP_BYTES = 64L << 20;

  private final Path folder;
  private final String name;
  private final Supplier<WriteSupport<T>> support;
  private final Map<String, ParquetWriter<T>> open = new LinkedHashMap<>(16, 0.75f, true);
  private final List<String> created = new ArrayList<>();

  /**
   * @param folder the staged table, above its day partitions
   * @param name of the files, which no other task attempt shares
   */
  DayFiles(Path folder, String name, Supplier<WriteSupport<T>> support) {
    this.folder = folder;
    this.name = name;
    this.support = support;
  }

  /** The file of a moment's UTC day. */
  ParquetWriter<T> of(long arrivalMillis) throws IOException {
    String day =
        Instant.ofEpochMilli(arrivalMillis).atZone(ZoneOffset.UTC).toLocalDate().toString();
    ParquetWriter<T> writer = open.get(day);
    if (writer == null) {
      if (open.size() == MOST_OPEN_DAYS) {
        Iterator<ParquetWriter<T>> oldest = open.values().iterator();
        oldest.next().close();
        oldest.remove();
      }
      writer = create(day);
      open.put(day, writer);
    }
    return writer;
  }

  private ParquetWriter<T> create(String day) throws IOException {
    Path file =
        new Path(folder, "day=%s/part-%s-%03d.parquet".formatted(day, name, created.size()));
    created.add(file.toString());
    return new Builder<>(file, support.get())
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
    for (ParquetWriter<T> writer : open.values()) {
      writer.close();
    }
    open.clear();
  }

  private static final class Builder<T> extends ParquetWriter.Builder<T, Builder<T>> {
    private final WriteSupport<T> support;

    Builder(Path file, WriteSupport<T> support) {
      super(file);
      this.support = support;
    }

    @Override
    protected Builder<T> self() {
      return this;
    }

    @Override
    protected WriteSupport<T> getWriteSupport(Configuration conf) {
      return support;
    }
  }
}
