package io.sextant.jobs.ingest;

import io.sextant.schema.file.TraceFile;
import java.io.Serializable;

/**
 * A file whose content has not been ingested yet.
 *
 * @param uri the file's URI with its scheme
 * @param path the file's path as the user would write it
 * @param contentId SHA-256 of the bytes after decompression, hex
 * @param storedId SHA-256 of the stored bytes, hex
 * @param fromPath what the reader takes from the path, see {@link
 *     io.sextant.schema.trace.TraceReader#fromPath}
 * @param tokensId identity of the recorded tokens; null for formats in which each rank records its
 *     own tokens
 * @param bytes length as stored
 * @param modifiedMillis time at which it was last written, ms since 1970
 * @param format the reader's name; null if no format was recognised
 * @param leftOut identities of requests that are left out, because another file has them
 */
record NewFile(
    String uri,
    String path,
    String contentId,
    String storedId,
    String fromPath,
    String tokensId,
    long bytes,
    long modifiedMillis,
    String format,
    long[] leftOut)
    implements Serializable {

  /** The same file, of which requests are left out. */
  NewFile without(long[] identities) {
    return new NewFile(
        uri,
        path,
        contentId,
        storedId,
        fromPath,
        tokensId,
        bytes,
        modifiedMillis,
        format,
        identities);
  }

  /**
   * Whether the file has changed since, for example because an engine is still writing it. Then its
   * content is no longer the one that {@link #storedId} identifies.
   */
  boolean changed(TraceFile now) {
    return now.length() != bytes
        || now.modifiedMillis() != modifiedMillis
        || (now instanceof FileInMemory held && !held.storedId().equals(storedId));
  }
}
