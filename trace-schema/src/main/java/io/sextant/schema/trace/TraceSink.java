package io.sextant.schema.trace;

/** Receives the content that a {@link TraceReader} finds in a file, in the file's order. */
public interface TraceSink {

  /** Receives a sound request. The sink may keep it. */
  void accept(RequestTrace request);

  /** Receives a step of a format that only counts. The sink may keep it. */
  void counts(LoadCounts counts);

  /**
   * Receives the fault of a request that cannot be used; the reader continues with the next.
   *
   * @param row index of the request within its file, from 0
   * @param reason the fault in one line, with the values found
   */
  void reject(long row, String reason);

  /**
   * Receives a remark that the user should see although the file's requests are kept.
   *
   * @param remark one line: the finding, the assumption made, and the action to take
   */
  default void warn(String remark) {}
}
