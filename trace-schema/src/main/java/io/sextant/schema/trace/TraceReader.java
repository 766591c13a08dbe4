package io.sextant.schema.trace;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.spec.ModelSpec;
import java.io.IOException;

/**
 * Reads one format of routing traces. Implementations have no state, so that one may serve many
 * threads, and stream: memory grows with a request, not with a file.
 */
public interface TraceReader {

  /** The format's name, as {@code --format} takes it. */
  String format();

  /**
   * Whether the file looks like this format, by content, not by name.
   *
   * @param head the first bytes of the file after decompression
   */
  boolean recognises(TraceFile file, byte[] head);

  /**
   * Reads the file into the sink.
   *
   * @throws CorruptTraceException where the file as a whole cannot be trusted (truncated, wrong
   *     magic, offsets that run backwards); nothing of it may be used then, although the sink may
   *     have been given requests already: see {@link #verify}
   * @throws IOException where the storage fails
   */
  void read(TraceFile file, ModelSpec model, TraceSink sink)
      throws CorruptTraceException, IOException;

  /**
   * Reads the file to its end without building requests. After this, {@link #read} of the same
   * bytes does not throw {@link CorruptTraceException}; it may still reject single requests.
   *
   * @throws CorruptTraceException as {@link #read} would throw it
   * @throws IOException where the storage fails
   */
  void verify(TraceFile file, ModelSpec model) throws CorruptTraceException, IOException;
}
