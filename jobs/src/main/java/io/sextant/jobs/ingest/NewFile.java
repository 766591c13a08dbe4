package io.sextant.jobs.ingest;

import io.sextant.schema.file.TraceFile;
import java.io.Serializable;

/**
 * A file whose content has not been ingested yet.
 *
 * @param uri with its scheme
 * @param path as the user would write it
 * @param contentId SHA-256 of the stored bytes, hex
 * @param tokensId identity of the recorded tokens; null in formats whose ranks record each their
 *     own
 * @param bytes as stored
 * @param modifiedMillis when it was last written, ms since 1970
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
   * Whether the file is another one by now: an engine may still be writing it. Then it has not the
   * content that {@link #contentId} names.
   */
  boolean changed(TraceFile now) {
    return now.length() != bytes
        || now.modifiedMillis() != modifiedMillis
        || (now instanceof FileInMemory held && !held.contentId().equals(contentId));
  }
}
