package io.sextant.schema.trace;

/** Takes what a {@link TraceReader} finds in a file, in the file's order. */
public interface TraceSink {

  /** A sound request. The sink may keep it. */
  void accept(RequestTrace request);

  /** A step of a format that only counts. The sink may keep it. */
  void counts(LoadCounts counts);

  /**
   * A request that cannot be used; the reader goes on with the next.
   *
   * @param row index of the request within its file, from 0
   * @param reason one line: what is wrong, with the values found
   */
  void reject(long row, String reason);

  /**
   * Something that the user should know about the file although its requests are kept.
   *
   * @param remark one line: what was found, what was assumed, and what to do about it
   */
  default void warn(String remark) {}
}
