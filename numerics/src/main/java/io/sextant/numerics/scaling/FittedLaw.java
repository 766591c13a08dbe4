package io.sextant.numerics.scaling;

import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The scaling law of a model family on a benchmark.
 *
 * @param law the law; null if there are fewer than {@link ScalingLaw#LEAST_POINTS} sizes
 */
public record FittedLaw(String family, String benchmark, ScalingLaw law) implements Serializable {
  private static final Comparator<ScalingPoint> BY_TOKENS =
      Comparator.comparing(
              ScalingPoint::tokens, Comparator.nullsFirst(Comparator.<Double>naturalOrder()))
          .thenComparing(Comparator.comparingDouble(ScalingPoint::loss).reversed());

  /**
   * Fits the law. If there are several runs of one size, the run with the most tokens counts; among
   * equal ones, that with the smallest loss.
   *
   * @param group runs of one family and benchmark, at least one
   */
  public static FittedLaw of(Iterable<ScalingPoint> group) {
    Map<Double, ScalingPoint> last = new TreeMap<>();
    for (ScalingPoint point : group) {
      last.merge(point.parameters(), point, (a, b) -> BY_TOKENS.compare(a, b) >= 0 ? a : b);
    }
    List<ScalingPoint> points = List.copyOf(last.values());
    ScalingPoint any = group.iterator().next();
    return new FittedLaw(
        any.family(),
        any.benchmark(),
        points.size() < ScalingLaw.LEAST_POINTS ? null : ScalingLaw.fit(points));
  }
}
