package io.sextant.jobs.ingest;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;

/**
 * The result of reading one file.
 *
 * @param path the file's path as the user would write it
 * @param contentId SHA-256 of the bytes after decompression, hex
 * @param format the reader's name; null if no format was recognised
 * @param tokensId identity of the recorded tokens; null for formats in which each rank records its
 *     own tokens
 * @param bytes length as stored
 * @param requests number of requests kept
 * @param tokens number of rows of the requests kept
 * @param expertIds number of expert ids of the requests kept
 * @param repeatedRequests number of requests left out because another file, or this file, has them
 * @param countedSteps number of steps, for a format that only has counts
 * @param remarks remarks about the file, one sentence each
 * @param faults the reasons for which requests or the file were quarantined
 * @param status the state of the file as a whole
 */
record FileResult(
    String path,
    String contentId,
    String format,
    String tokensId,
    long bytes,
    long requests,
    long tokens,
    long expertIds,
    long repeatedRequests,
    long countedSteps,
    List<String> remarks,
    List<Fault> faults,
    Status status)
    implements Serializable {

  /** The state of a file as a whole. */
  enum Status {
    INGESTED,
    QUARANTINED,
    /** Every request of the file was quarantined. */
    REJECTED,
    /** Other files have all its requests, or the same tokens because both ranks recorded them. */
    REPEATED,
    /** The file changed after it was identified, so its content is not known. */
    CHANGED;

    /** The state's name in the table {@code files}. */
    String label() {
      return (this == REJECTED ? QUARANTINED : this).name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A quarantined request, or the whole file.
   *
   * @param row index of the request within its file; -1 for the whole file
   * @param reason the reason, one line
   */
  record Fault(long row, String reason) implements Serializable {}

  /** Whether the file has something that the warehouse now holds. */
  boolean used() {
    return status == Status.REPEATED || requests > 0 || countedSteps > 0;
  }

  static FileResult corrupt(NewFile file, String format, long row, String reason) {
    return empty(file, format, List.of(), List.of(new Fault(row, reason)), Status.QUARANTINED);
  }

  static FileResult changed(NewFile file) {
    return empty(
        file,
        file.format(),
        List.of(),
        List.of(new Fault(-1, "it changed while it was read; ingest it again when it is complete")),
        Status.CHANGED);
  }

  /**
   * @param other path of the file that has the same tokens
   */
  static FileResult repeated(NewFile file, String other) {
    String remark =
        "it repeats the tokens of %s, as ranks of one tensor-parallel group do; they are counted once"
            .formatted(other);
    return empty(file, null, List.of(remark), List.of(), Status.REPEATED);
  }

  private static FileResult empty(
      NewFile file, String format, List<String> remarks, List<Fault> faults, Status status) {
    return new FileResult(
        file.path(),
        file.contentId(),
        format,
        file.tokensId(),
        file.bytes(),
        0,
        0,
        0,
        0,
        0,
        remarks,
        faults,
        status);
  }
}
