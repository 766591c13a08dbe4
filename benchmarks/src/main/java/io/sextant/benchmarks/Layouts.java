package io.sextant.benchmarks;

import io.sextant.placement.problem.SlotLayout;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cluster shapes as parameters of a benchmark: {@code 4x8:160}, nodes x GPUs per node : slots. */
final class Layouts {
  private static final Pattern SHAPE = Pattern.compile("(\\d+)x(\\d+):(\\d+)");

  private Layouts() {}

  static SlotLayout of(String shape) {
    Matcher parts = SHAPE.matcher(shape);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "Cannot read the layout %s. Write it as 4x8:160".formatted(shape));
    }
    return SlotLayout.of(
        Integer.parseInt(parts.group(1)),
        Integer.parseInt(parts.group(2)),
        Integer.parseInt(parts.group(3)));
  }
}
