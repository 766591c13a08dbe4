package io.sextant.schema.trace;

/** Discards everything, for a file that is only checked. */
public enum NoSink implements TraceSink {
  INSTANCE;

  @Override
  public void accept(RequestTrace request) {}

  @Override
  public void counts(LoadCounts counts) {}

  @Override
  public void reject(long row, String reason) {}
}
