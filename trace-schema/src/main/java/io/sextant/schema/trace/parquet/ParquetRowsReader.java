package io.sextant.schema.trace.parquet;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.Faults;
import io.sextant.schema.file.HeapShare;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.LayerRows;
import io.sextant.schema.trace.RequestHead;
import io.sextant.schema.trace.TraceHints;
import io.sextant.schema.trace.TraceReader;
import io.sextant.schema.trace.TraceSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;

/**
 * Reads Parquet files with one row per token and MoE layer: {@code request_id}, {@code token}
 * (position in the request), {@code layer} (absolute id) and {@code indices}, a list of k expert
 * ids. If there is a list {@code scores} of the same length, the expert with the highest score is
 * the best; otherwise the first one is. {@code phase} ({@code prefill} or {@code decode}; without
 * it the phase of all rows is unknown), {@code domain}, {@code arrival_ms} and {@code source_rank}
 * are optional. Other columns are ignored.
 *
 * <p>The rows of a request must be consecutive, and those of a layer in the order of their tokens.
 *
 * <p>Memory: one row group as stored, and one request.
 */
public final class ParquetRowsReader implements TraceReader {
  private static final String MAGIC = "PAR1";

  @Override
  public String format() {
    return "parquet";
  }

  @Override
  public boolean recognises(TraceFile file, byte[] head) {
    return head.length >= 4 && new String(head, 0, 4, StandardCharsets.ISO_8859_1).equals(MAGIC);
  }

  @Override
  public void read(TraceFile file, ModelSpec model, TraceHints hints, TraceSink sink)
      throws CorruptTraceException, IOException {
    ParquetRow row = null;
    HeapShare share = new HeapShare();
    ParquetReadOptions options =
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .usePageChecksumVerification()
            .build();
    try (ParquetFileReader reader = ParquetFileReader.open(new ParquetInput(file), options)) {
      MessageType schema = reader.getFileMetaData().getSchema();
      row = new ParquetRow(schema, model.topK());
      reader.setRequestedSchema(row.projection());
      for (BlockMetaData group : reader.getRowGroups()) {
        share.take(group.getCompressedSize());
        share.give(group.getCompressedSize());
      }
      MessageColumnIO columns = new ColumnIOFactory().getColumnIO(row.projection(), schema);
      Assembly assembly = new Assembly(model, share, sink, file.modifiedMillis(), row.phased());
      PageReadStore group;
      while ((group = reader.readNextRowGroup()) != null) {
        RecordReader<ParquetRow> rows = columns.getRecordReader(group, row.materializer());
        for (long i = 0; i < group.getRowCount(); i++) {
          rows.read();
          assembly.take(row);
        }
        group.close();
      }
      assembly.end();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      // The library trusts a file, so wrong lengths and levels can cause any kind of exception.
      throw new CorruptTraceException(
          "the file cannot be read as Parquet: "
              + Faults.oneLine(e.getClass().getSimpleName() + " " + e.getMessage()));
    }
  }

  /** Assembles requests from rows. */
  private static final class Assembly {
    private final ModelSpec model;
    private final int[] layers;
    private final HeapShare share;
    private final TraceSink sink;
    private final long fallbackMillis;
    private final boolean phased;
    private final Set<Long> seen = new HashSet<>();
    private final long[] lastToken;
    private final int[] prefill;

    private LayerRows rows;
    private long requestId;
    private long arrivalMillis;
    private String domain;
    private int sourceRank;
    private long number;

    Assembly(ModelSpec model, HeapShare share, TraceSink sink, long fallbackMillis, boolean phased)
        throws CorruptTraceException {
      this.model = model;
      this.layers = LayerRows.layersOf(model);
      this.share = share;
      this.sink = sink;
      this.fallbackMillis = fallbackMillis;
      this.phased = phased;
      this.lastToken = new long[layers.length];
      this.prefill = new int[layers.length];
    }

    void take(ParquetRow row) throws CorruptTraceException {
      row.check(number);
      if (rows == null || row.requestId() != requestId) {
        deliver();
        begin(row);
      }
      int layer = Arrays.binarySearch(layers, row.layer());
      if (layer < 0) {
        throw fault("layer %d is not a MoE layer of %s".formatted(row.layer(), model.name()));
      }
      if (row.token() <= lastToken[layer]) {
        throw fault(
            "layer %d has token %d after token %d"
                .formatted(row.layer(), row.token(), lastToken[layer]));
      }
      lastToken[layer] = row.token();
      if (!row.generated()) {
        if (prefill[layer] < rows.tokens(layer)) {
          throw fault("layer %d has a prefill row after decode rows".formatted(row.layer()));
        }
        prefill[layer]++;
      }
      rows.add(layer, row.ids(), 0);
    }

    private void begin(ParquetRow row) throws CorruptTraceException {
      requestId = row.requestId();
      if (!seen.add(requestId)) {
        throw fault("its rows are not consecutive");
      }
      share.take(64);
      rows = new LayerRows(model, share);
      arrivalMillis = row.arrivalMillis() < 0 ? fallbackMillis : row.arrivalMillis();
      domain = row.domain();
      sourceRank = row.sourceRank();
      Arrays.fill(lastToken, -1);
      Arrays.fill(prefill, 0);
    }

    private void deliver() throws CorruptTraceException {
      if (rows == null) {
        return;
      }
      for (int i = 1; i < layers.length; i++) {
        if (rows.tokens(i) != rows.tokens(0) || prefill[i] != prefill[0]) {
          throw fault(
              "%d tokens in layer %d, %d of them prefill, but %d and %d in layer %d"
                  .formatted(
                      rows.tokens(0),
                      layers[0],
                      prefill[0],
                      rows.tokens(i),
                      prefill[i],
                      layers[i]));
        }
      }
      RequestHead head = new RequestHead(requestId, arrivalMillis, domain, sourceRank);
      if (phased) {
        rows.deliver(sink, number, head, prefill[0]);
      } else {
        rows.deliverUnphased(sink, number, head);
      }
      rows = null;
      number++;
    }

    void end() throws CorruptTraceException {
      deliver();
      if (number == 0) {
        throw new CorruptTraceException("the file has no rows");
      }
    }

    private CorruptTraceException fault(String reason) {
      return new CorruptTraceException(number, "request %d: %s".formatted(requestId, reason));
    }
  }
}
