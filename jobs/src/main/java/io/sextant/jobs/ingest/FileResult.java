package io.sextant.jobs.ingest;

import java.io.Serializable;
import java.util.List;

/**
 * What became of one file.
 *
 * @param path as the user would write it
 * @param contentId SHA-256 of the stored bytes, hex
 * @param format the reader's name; null where no format was recognised
 * @param bytes as stored
 * @param requests requests kept
 * @param tokens rows of the requests kept
 * @param expertIds ids of the requests kept
 * @param countedSteps steps of a format that only counts
 * @param faults what was quarantined
 * @param whole whether the file was quarantined as a whole
 */
record FileResult(
    String path,
    String contentId,
    String format,
    long bytes,
    long requests,
    long tokens,
    long expertIds,
    long countedSteps,
    List<Fault> faults,
    boolean whole)
    implements Serializable {

  /**
   * A quarantined request, or the whole file.
   *
   * @param row index of the request within its file; -1 for none
   * @param reason one line
   */
  record Fault(long row, String reason) implements Serializable {}

  static FileResult corrupt(NewFile file, String format, long row, String reason) {
    return new FileResult(
        file.path(),
        file.contentId(),
        format,
        file.bytes(),
        0,
        0,
        0,
        0,
        List.of(new Fault(row, reason)),
        true);
  }
}
