package io.sextant.jobs.ingest;

import io.sextant.jobs.ingest.FileResult.Fault;
import io.sextant.jobs.storage.StoredFile;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.file.TraceFiles;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.LoadCounts;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.TraceReader;
import io.sextant.schema.trace.TraceSink;
import io.sextant.schema.trace.format.FormatChoice;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.io.api.Binary;

/**
 * Reads a task's files into staged Parquet. A file is verified to its end before the first of its
 * requests is written, so that nothing of a damaged file is kept.
 *
 * @param model the shape that the traces must have
 * @param format how the files are read
 * @param staging folder of the staged tables
 * @param runId the run
 */
record IngestTask(ModelSpec model, FormatChoice format, String staging, String runId)
    implements Serializable {

  /**
   * @param part name of the task attempt, which no other shares
   */
  Result run(List<NewFile> files, String part) throws IOException {
    List<FileResult> results = new ArrayList<>();
    List<ClockWarning> clocks = new ArrayList<>();
    TraceTableWriter writer = new TraceTableWriter(staging, model.name(), runId, part);
    try (writer) {
      for (NewFile file : files) {
        results.add(ingest(file, writer, clocks));
      }
    }
    return new Result(results, writer.created(), clocks);
  }

  /**
   * What an attempt that reached its end did. Attempts that died, or that Spark ran twice, leave
   * staged files too; those that a result names are the ones that count.
   *
   * @param files what became of each file
   * @param parquet paths of the staged Parquet files
   * @param clocks days that cannot be right
   */
  record Result(List<FileResult> files, List<String> parquet, List<ClockWarning> clocks)
      implements Serializable {}

  private FileResult ingest(NewFile file, TraceTableWriter writer, List<ClockWarning> clocks)
      throws IOException {
    TraceFile stored = new StoredFile(file.uri());
    TraceReader reader = null;
    try {
      reader = format.reader(stored);
      reader.verify(stored, model, format.hints());
      Sink sink = new Sink(writer, Binary.fromString(TraceFiles.source(file.path())));
      reader.read(stored, model, format.hints(), sink);
      clocks.addAll(sink.clock.warnings(file.path()));
      return new FileResult(
          file.path(),
          file.contentId(),
          reader.format(),
          file.tokensId(),
          file.bytes(),
          sink.requests,
          sink.tokens,
          sink.expertIds,
          sink.steps,
          sink.remarks,
          sink.faults,
          FileResult.Status.INGESTED);
    } catch (CorruptTraceException e) {
      return FileResult.corrupt(
          file, reader == null ? null : reader.format(), e.row(), e.getMessage());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static final class Sink implements TraceSink {
    private final TraceTableWriter writer;
    private final Binary source;
    private final List<Fault> faults = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private final ClockCheck clock = new ClockCheck(System.currentTimeMillis());
    private long requests;
    private long tokens;
    private long expertIds;
    private long steps;

    Sink(TraceTableWriter writer, Binary source) {
      this.writer = writer;
      this.source = source;
    }

    @Override
    public void accept(RequestTrace request) {
      try {
        writer.write(request, source);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      clock.see(request.arrivalMillis());
      requests++;
      tokens += request.tokens();
      expertIds += (long) request.tokens() * request.layers().length * request.topK();
    }

    @Override
    public void counts(LoadCounts counts) {
      try {
        writer.write(counts, source);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      clock.see(counts.arrivalMillis());
      steps++;
    }

    @Override
    public void reject(long row, String reason) {
      faults.add(new Fault(row, reason));
    }

    @Override
    public void warn(String remark) {
      remarks.add(remark);
    }
  }
}
