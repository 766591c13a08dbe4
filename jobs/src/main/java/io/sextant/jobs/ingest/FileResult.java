package io.sextant.jobs.ingest;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;

/**
 * What became of one file.
 *
 * @param path as the user would write it
 * @param contentId SHA-256 of the stored bytes, hex
 * @param format the reader's name; null where no format was recognised
 * @param tokensId identity of the recorded tokens; null in formats whose ranks record each their
 *     own
 * @param bytes as stored
 * @param requests requests kept
 * @param tokens rows of the requests kept
 * @param expertIds ids of the requests kept
 * @param countedSteps steps of a format that only counts
 * @param remarks what to know about the file, a sentence each
 * @param faults what was quarantined
 * @param status what became of the file as a whole
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
    long countedSteps,
    List<String> remarks,
    List<Fault> faults,
    Status status)
    implements Serializable {

  /** What became of a file as a whole. */
  enum Status {
    INGESTED,
    QUARANTINED,
    /** Another file has its tokens: both ranks recorded them. */
    REPEATED,
    /** It is not the file any more that was identified; its content is not known. */
    CHANGED;

    /** As the table {@code files} names it. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A quarantined request, or the whole file.
   *
   * @param row index of the request within its file; -1 for none
   * @param reason one line
   */
  record Fault(long row, String reason) implements Serializable {}

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
        remarks,
        faults,
        status);
  }
}
