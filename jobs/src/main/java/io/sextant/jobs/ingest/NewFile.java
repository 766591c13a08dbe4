package io.sextant.jobs.ingest;

import io.sextant.schema.file.TraceFile;
import java.io.Serializable;

/**
 * A file whose content has not been ingested yet.
 *
 * @param uri the file's URI with its scheme
 * @param path the file's path as the user would write it
 * @param contentId SHA-256 of the stored bytes, hex
 * @param tokensId identity of the recorded tokens; null for formats in which each rank records its
 *     own tokens
 * @param bytes length as stored
 * @param modifiedMillis time at which it was last written, ms since 1970
 * @param format the reader's name; null if no format was recognised
 */
record NewFile(
    String uri,
    String path,
    String contentId,
    String tokensId,
    long bytes,
    long modifiedMillis,
    String format)
    implements Serializable {

  /**
   * Whether the file has changed since, for example because an engine is still writing it. Then its
   * content is no longer the one that {@link #contentId} identifies.
   */
  boolean changed(TraceFile now) {
    return now.length() != bytes
        || now.modifiedMillis() != modifiedMillis
        || (now instanceof FileInMemory held && !held.contentId().equals(contentId));
  }
}
