package io.sextant.placement.anneal;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The temperatures that an annealing falls through. A long annealing can be cut into several
 * stages, with other work between them.
 *
 * @param hot first temperature, in the unit of the energy (remote nodes per token for placements)
 * @param cold last temperature
 */
public record AnnealingStage(double hot, double cold) implements Serializable {

  /**
   * Stages that each cool by the same factor.
   *
   * @param hot first temperature of the first stage
   * @param cold last temperature of the last stage
   */
  public static List<AnnealingStage> cooling(int stages, double hot, double cold) {
    double factor = Math.pow(cold / hot, 1.0 / stages);
    return IntStream.range(0, stages)
        .mapToObj(i -> new AnnealingStage(hot * Math.pow(factor, i), hot * Math.pow(factor, i + 1)))
        .toList();
  }
}
