package io.sextant.jobs.stretch;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.trace.TraceSink;
import io.sextant.schema.trace.format.FormatChoice;
import java.io.IOException;

/** Reads a trace file for a figure that would be wrong without a part of it. */
public final class WholeFile {

  private WholeFile() {}

  /**
   * @throws InvalidInputException if the file is damaged or is not a trace of the model
   */
  public static void read(TraceFile file, FormatChoice format, ModelSpec model, TraceSink sink)
      throws IOException {
    try {
      format.reader(file).read(file, model, format.hints(), sink);
    } catch (CorruptTraceException e) {
      throw InvalidInputException.of(
          file.path(), e.getMessage(), "Record or copy it again, or leave it out", e);
    }
  }
}
