package io.sextant.jobs.stretch;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.trace.LoadCounts;
import io.sextant.schema.trace.RequestTrace;
import io.sextant.schema.trace.TraceSink;
import java.util.function.Consumer;

/**
 * Takes the requests of a file that is scored. Nothing may be missing from such a file.
 *
 * @param file the file, for messages
 * @param to receives each request
 */
record ScoredFile(TraceFile file, Consumer<RequestTrace> to) implements TraceSink {

  @Override
  public void accept(RequestTrace request) {
    to.accept(request);
  }

  @Override
  public void counts(LoadCounts counts) {
    throw InvalidInputException.of(
        file.path(),
        "it only counts tokens of each expert: traffic cannot be computed from it",
        "Evaluate on a trace of requests");
  }

  @Override
  public void warn(String remark) {
    System.err.println("sextant: " + file.path() + ": " + remark);
  }

  @Override
  public void reject(long row, String reason) {
    throw InvalidInputException.of(
        file.path() + ": request " + row, reason, "Remove the request, or evaluate the warehouse");
  }
}
