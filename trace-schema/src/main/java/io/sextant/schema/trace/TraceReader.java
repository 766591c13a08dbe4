package io.sextant.schema.trace;

import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.spec.ModelSpec;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads one format of routing traces. Implementations are stateless, so threads can share one. They
 * stream: memory grows with the size of a request, not of a file.
 */
public interface TraceReader {

  /** The format's name, as given with {@code --format}. */
  String format();

  /**
   * Whether the file's content, not its name, looks like this format.
   *
   * @param head the first bytes of the file after decompression
   */
  boolean recognises(TraceFile file, byte[] head);

  /**
   * The part of a file's path that the reader takes a request's id, domain or time from. Files with
   * the same content hold the same requests only if this part is the same too.
   *
   * @param head the first bytes of the file after decompression; empty if they are not at hand
   * @return the part; empty if requests are described by the content alone
   */
  default String fromPath(String path, byte[] head) {
    return "";
  }

  /**
   * Whether the source gives each request an id of its own, so that a request is recognised in
   * another file. Otherwise ids are numbers that begin anew in each file.
   */
  default boolean namesRequests() {
    return true;
  }

  /**
   * Reads the file into the sink.
   *
   * @param hints the user's knowledge beyond the file
   * @throws CorruptTraceException if the file as a whole cannot be trusted (truncated, wrong magic,
   *     decreasing offsets). Then nothing of the file may be used, although the sink may have
   *     received requests already; see {@link #verify}
   * @throws IOException if the storage fails
   */
  void read(TraceFile file, ModelSpec model, TraceHints hints, TraceSink sink)
      throws CorruptTraceException, IOException;

  /** Reads the file without hints. */
  default void read(TraceFile file, ModelSpec model, TraceSink sink)
      throws CorruptTraceException, IOException {
    read(file, model, TraceHints.NONE, sink);
  }

  /**
   * Reads the file to its end without building requests. If this succeeds, {@link #read} of the
   * same bytes does not throw {@link CorruptTraceException}; it may still reject single requests.
   *
   * @throws CorruptTraceException if {@link #read} would throw it
   * @throws IOException if the storage fails
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
   * are counted once.
   *
   * @return lower-case hex; empty if ranks of this format never repeat one another
   * @throws CorruptTraceException if the file is damaged
   * @throws IOException if the storage fails
   */
  default Optional<String> tokensId(TraceFile file) throws CorruptTraceException, IOException {
    return Optional.empty();
  }
}
