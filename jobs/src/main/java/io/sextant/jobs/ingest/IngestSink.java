package io.sextant.jobs.ingest;

import io.sextant.jobs.ingest.FileResult.Fault;
import io.sextant.schema.file.TraceFiles;
import io.sextant.schema.trace.LoadCounts;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.TraceSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.io.api.Binary;

/** Writes the requests and counts of one file, and counts what it writes and leaves out. */
final class IngestSink implements TraceSink {
  private final TraceTableWriter writer;
  private final Binary source;
  private final long fileMillis;
  private final IdentitySet leftOut;

  /** The requests seen; null if the source does not name requests. */
  private final IdentitySet seen;

  private final List<Fault> faults = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private final ClockCheck clock = new ClockCheck(System.currentTimeMillis());
  private long requests;
  private long tokens;
  private long expertIds;
  private long repeated;
  private long steps;

  /**
   * @param namesRequests whether a request can be recognised in another file
   */
  IngestSink(TraceTableWriter writer, NewFile file, boolean namesRequests) {
    this.writer = writer;
    this.source = Binary.fromString(TraceFiles.source(file.path()));
    this.fileMillis = file.modifiedMillis();
    this.leftOut = IdentitySet.of(file.leftOut());
    this.seen = namesRequests ? new IdentitySet() : null;
  }

  @Override
  public void accept(RequestTrace request) {
    Long identity = seen == null ? null : RequestIdentity.of(request, fileMillis);
    if (identity != null && (leftOut.contains(identity) || !seen.add(identity))) {
      repeated++;
      return;
    }
    try {
      writer.write(request, source, identity);
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

  /**
   * The result of the file, which was read to its end.
   *
   * @param format name of its format
   */
  FileResult result(NewFile file, String format) {
    return new FileResult(
        file.path(),
        file.contentId(),
        format,
        file.tokensId(),
        file.bytes(),
        requests,
        tokens,
        expertIds,
        repeated,
        steps,
        remarks,
        faults,
        status());
  }

  private FileResult.Status status() {
    if (requests > 0 || steps > 0) {
      return FileResult.Status.INGESTED;
    }
    if (!faults.isEmpty()) {
      return FileResult.Status.REJECTED;
    }
    return repeated > 0 ? FileResult.Status.REPEATED : FileResult.Status.INGESTED;
  }

  List<ClockWarning> clockWarnings(NewFile file) {
    return clock.warnings(file.path());
  }

  /** The requests that were kept, in no order; empty if the source does not name requests. */
  long[] identities() {
    return seen == null ? new long[0] : seen.toArray();
  }
}
