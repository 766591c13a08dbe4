package io.sextant.schema.trace;

/** For a file that is only to be checked. */
public enum NoSink implements TraceSink {
  INSTANCE;

  @Override
  public void accept(RequestTrace request) {}

  @Override
  public void counts(LoadCounts counts) {}

  @Override
  public void reject(long row, String reason) {}
}
