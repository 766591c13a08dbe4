package io.sextant.schema.file;

/** A trace file that cannot be trusted as a whole; it goes to quarantine with this reason. */
public final class CorruptTraceException extends Exception {
  private static final long serialVersionUID = 1L;

  private final long row;

  /** A fault of the whole file. */
  public CorruptTraceException(String reason) {
    this(-1, reason);
  }

  /**
   * @param row index of the request at which the file stops making sense, from 0; -1 for none
   * @param reason one line: what is wrong, with the values found
   */
  public CorruptTraceException(long row, String reason) {
    super(reason);
    this.row = row;
  }

  /** Index of the request, from 0, or -1 for a fault of the whole file. */
  public long row() {
    return row;
  }
}
