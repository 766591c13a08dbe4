package io.sextant.jobs.modelconfig;

/** The lines of a file in {@code conf}, each field after a comment that explains it. */
final class YamlLines {
  private final StringBuilder text = new StringBuilder();

  YamlLines(String source) {
    text.append("# Written by sextant init from ").append(source).append(".\n");
  }

  void add(String field, Object value, String comment) {
    text.append("# ").append(comment).append('\n').append(field).append(": ").append(value);
    text.append('\n');
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
