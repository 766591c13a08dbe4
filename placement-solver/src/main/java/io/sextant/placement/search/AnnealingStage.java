package io.sextant.placement.search;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A part of an annealing that is interrupted, to do something else between two temperatures.
 *
 * @param hot temperature at its start, in remote nodes per token
 * @param cold temperature at its end
 */
public record AnnealingStage(double hot, double cold) implements Serializable {

  /** Stages that each cool by the same factor. */
  public static List<AnnealingStage> cooling(int stages, double hot, double cold) {
    double factor = Math.pow(cold / hot, 1.0 / stages);
    return IntStream.range(0, stages)
        .mapToObj(i -> new AnnealingStage(hot * Math.pow(factor, i), hot * Math.pow(factor, i + 1)))
        .toList();
  }
}
