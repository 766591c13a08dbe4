package io.sextant.schema.file;

/** A trace file that cannot be trusted as a whole; it goes to quarantine with this reason. */
public final class CorruptTraceException extends Exception {
  private static final long serialVersionUID = 1L;

  private final long row;

  /** Reports a fault of the whole file. */
  public CorruptTraceException(String reason) {
    this(-1, reason);
  }

  /**
   * @param row index of the request at which the fault was found, from 0; -1 for none
   * @param reason the fault in one line, with the values found
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
