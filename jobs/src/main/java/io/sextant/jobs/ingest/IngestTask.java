package io.sextant.jobs.ingest;

import io.sextant.jobs.storage.StoredFile;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.TraceReader;
import io.sextant.schema.trace.format.FormatChoice;
import io.sextant.schema.trace.format.TraceFormats;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

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
    Result done =
        new Result(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    TraceTableWriter writer = writer(part);
    try (writer) {
      for (NewFile file : files) {
        if (file.bytes() > FileInMemory.MOST_BYTES) {
          alone(file, writer(part + "-f" + done.files().size()), storage, done);
        } else {
          done.add(ingest(file, storage.open(file.uri()), writer));
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
    Read read;
    try (writer) {
      read = ingest(file, storage.open(file.uri()), writer);
    }
    if (file.changed(storage.open(file.uri()))) {
      read = Read.unused(FileResult.changed(file));
    }
    done.add(read);
    if (read.result().status() == FileResult.Status.INGESTED) {
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
   * @param identities the requests of each file whose source names them
   */
  record Result(
      List<FileResult> files,
      List<String> parquet,
      List<ClockWarning> clocks,
      List<Identities> identities)
      implements Serializable {

    private void add(Read read) {
      files.add(read.result());
      clocks.addAll(read.clocks());
      if (read.identities().length > 0) {
        identities.add(new Identities(read.result().path(), read.identities()));
      }
    }
  }

  /**
   * The requests of a file.
   *
   * @param path the file's path as the user would write it
   * @param ofRequests the {@link RequestIdentity} of each request that was kept, in no order
   */
  record Identities(String path, long[] ofRequests) implements Serializable {}

  /** What came of one file. */
  private record Read(FileResult result, List<ClockWarning> clocks, long[] identities) {

    /** A file of which nothing is kept. */
    static Read unused(FileResult result) {
      return new Read(result, List.of(), new long[0]);
    }
  }

  private Read ingest(NewFile file, TraceFile now, TraceTableWriter writer) throws IOException {
    TraceFile stored = FileInMemory.of(now);
    if (file.changed(stored)) {
      return Read.unused(FileResult.changed(file));
    }
    TraceReader reader = null;
    try {
      reader = file.format() == null ? format.reader(stored) : TraceFormats.byName(file.format());
      reader.verify(stored, model, format.hints());
      IngestSink sink = new IngestSink(writer, file, reader.namesRequests());
      reader.read(stored, model, format.hints(), sink);
      return new Read(
          sink.result(file, reader.format()), sink.clockWarnings(file), sink.identities());
    } catch (CorruptTraceException e) {
      return Read.unused(
          FileResult.corrupt(
              file, reader == null ? null : reader.format(), e.row(), e.getMessage()));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
