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
import io.sextant.schema.trace.format.TraceFormats;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.io.api.Binary;

/**
 * Reads a task's files into staged Parquet. A file is verified to its end before the first of its
 * requests is written, so that no part of a damaged file is kept. A small file is verified and read
 * in memory; a large one has a Parquet file of its own, which is not used if the trace file changed
 * meanwhile.
 *
 * @param model the shape that the traces must have
 * @param format how to read the files
 * @param staging folder of the staged tables
 * @param runId id of the run
 * @param tokenIds whether the token ids of prompts are kept
 */
record IngestTask(
    ModelSpec model, FormatChoice format, String staging, String runId, boolean tokenIds)
    implements Serializable {

  /**
   * @param part name of the task attempt, which no other attempt uses
   */
  Result run(List<NewFile> files, String part) throws IOException {
    return run(files, part, StoredFile::new);
  }

  /** Like {@link #run(List, String)}, with a function that opens the files. */
  Result run(List<NewFile> files, String part, Opener storage) throws IOException {
    Result done = new Result(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    TraceTableWriter writer = writer(part);
    try (writer) {
      for (NewFile file : files) {
        if (file.bytes() > FileInMemory.MOST_BYTES) {
          alone(file, writer(part + "-f" + done.files().size()), storage, done);
        } else {
          done.files().add(ingest(file, storage.open(file.uri()), writer, done.clocks()));
        }
      }
    }
    done.parquet().addAll(writer.created());
    return done;
  }

  /** Opens a file by its URI. */
  interface Opener {
    TraceFile open(String uri) throws IOException;
  }

  private TraceTableWriter writer(String part) {
    return new TraceTableWriter(this, part);
  }

  /**
   * Reads a file whose passes may see different bytes. Its rows are used only if they saw the same
   * bytes.
   */
  private void alone(NewFile file, TraceTableWriter writer, Opener storage, Result done)
      throws IOException {
    FileResult result;
    List<ClockWarning> clocks = new ArrayList<>();
    try (writer) {
      result = ingest(file, storage.open(file.uri()), writer, clocks);
    }
    if (file.changed(storage.open(file.uri()))) {
      result = FileResult.changed(file);
    }
    done.files().add(result);
    if (result.status() == FileResult.Status.INGESTED) {
      done.clocks().addAll(clocks);
      done.parquet().addAll(writer.created());
    }
  }

  /**
   * The result of a task attempt that finished. Attempts that died, or that Spark ran twice, leave
   * staged files too; only the files that a result names are used.
   *
   * @param files the result of each file
   * @param parquet paths of the staged Parquet files
   * @param clocks warnings about days that cannot be right
   */
  record Result(List<FileResult> files, List<String> parquet, List<ClockWarning> clocks)
      implements Serializable {}

  private FileResult ingest(
      NewFile file, TraceFile now, TraceTableWriter writer, List<ClockWarning> clocks)
      throws IOException {
    TraceFile stored = FileInMemory.of(now);
    if (file.changed(stored)) {
      return FileResult.changed(file);
    }
    TraceReader reader = null;
    try {
      reader = file.format() == null ? format.reader(stored) : TraceFormats.byName(file.format());
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
          sink.requests == 0 && sink.steps == 0 && !sink.faults.isEmpty()
              ? FileResult.Status.REJECTED
              : FileResult.Status.INGESTED);
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
