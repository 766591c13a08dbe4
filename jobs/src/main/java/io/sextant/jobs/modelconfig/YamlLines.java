package io.sextant.jobs.modelconfig;

import java.util.ArrayList;
import java.util.List;

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

  /** Adds a comment that belongs to no field. */
  void note(String comment) {
    text.append("# ").append(comment).append('\n');
  }

  /** Absolute ids of layers: first and step if they are evenly spaced to the end, else all ids. */
  static String layers(List<Integer> ids, int layers) {
    if (ids.size() < 2) {
      return ids.toString();
    }
    int first = ids.get(0);
    int step = ids.get(1) - first;
    List<Integer> even = new ArrayList<>();
    for (int layer = first; layer < layers; layer += step) {
      even.add(layer);
    }
    return even.equals(ids) ? "{first: %d, step: %d}".formatted(first, step) : ids.toString();
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
