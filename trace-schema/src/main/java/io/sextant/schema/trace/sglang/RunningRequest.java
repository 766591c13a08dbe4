package io.sextant.schema.trace.sglang;

import io.sextant.schema.trace.LayerRows;

/** A request that {@link SglangRequests} follows and that has not ended. */
final class RunningRequest {
  final long number;
  final int rank;
  final LayerRows rows;
  final PromptIds promptIds = new PromptIds();
  int prefillTokens;

  /** The number that the engine gives the pass in which the request began. */
  final long firstPass;

  boolean decoded;

  /**
   * The positions that its next row may have: one position, or a range after rows that were
   * verified.
   */
  int firstNext;

  int lastNext;
  long lastPass;

  RunningRequest(long number, SglangPass first, LayerRows rows) {
    this.number = number;
    this.rank = first.rank();
    this.firstPass = first.id();
    this.rows = rows;
  }

  /** Whether the request may continue at this position, in a pass that has no rows of it yet. */
  boolean isNext(int position, long pass) {
    return lastPass < pass && firstNext <= position && position <= lastNext;
  }
}
