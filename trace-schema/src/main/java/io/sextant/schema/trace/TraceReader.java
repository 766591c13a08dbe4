package io.sextant.schema.trace;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.spec.ModelSpec;
import java.io.IOException;
import java.util.Optional;

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
   * @param hints what the user knows beyond the file
   * @throws CorruptTraceException where the file as a whole cannot be trusted (truncated, wrong
   *     magic, offsets that run backwards); nothing of it may be used then, although the sink may
   *     have been given requests already: see {@link #verify}
   * @throws IOException where the storage fails
   */
  void read(TraceFile file, ModelSpec model, TraceHints hints, TraceSink sink)
      throws CorruptTraceException, IOException;

  /** Reads the file without hints. */
  default void read(TraceFile file, ModelSpec model, TraceSink sink)
      throws CorruptTraceException, IOException {
    read(file, model, TraceHints.NONE, sink);
  }

  /**
   * Reads the file to its end without building requests. After this, {@link #read} of the same
   * bytes does not throw {@link CorruptTraceException}; it may still reject single requests.
   *
   * @throws CorruptTraceException as {@link #read} would throw it
   * @throws IOException where the storage fails
   */
  default void verify(TraceFile file, ModelSpec model, TraceHints hints)
      throws CorruptTraceException, IOException {
    read(file, model, hints, NoSink.INSTANCE);
  }

  /** Verifies the file without hints. */
  default void verify(TraceFile file, ModelSpec model) throws CorruptTraceException, IOException {
    verify(file, model, TraceHints.NONE);
  }

  /**
   * Identifies the recorded tokens, so that files in which several ranks recorded the same tokens
   * count once.
   *
   * @return lower-case hex; empty if ranks of this format never repeat one another
   * @throws CorruptTraceException if the file is damaged
   * @throws IOException if the storage fails
   */
  default Optional<String> tokensId(TraceFile file) throws CorruptTraceException, IOException {
    return Optional.empty();
  }
}
