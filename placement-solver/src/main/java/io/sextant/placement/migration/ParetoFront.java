package io.sextant.placement.migration;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** What moving buys: the plans of which none is better in one respect and no worse in any. */
public final class ParetoFront {

  private ParetoFront() {}

  /**
   * A plan's place.
   *
   * @param plan its name
   * @param movedBytes expert weights that have to move from the current map
   * @param remoteNodesPerToken traffic between nodes
   * @param maxOverMeanGpuLoad balance; NaN, which is worse than any, if it was not measured
   */
  public record Point(
      String plan, long movedBytes, double remoteNodesPerToken, double maxOverMeanGpuLoad) {

    private boolean noWorseThan(Point other) {
      return movedBytes <= other.movedBytes
          && Double.compare(remoteNodesPerToken, other.remoteNodesPerToken) <= 0
          && Double.compare(maxOverMeanGpuLoad, other.maxOverMeanGpuLoad) <= 0;
    }

    private boolean sameAs(Point other) {
      return noWorseThan(other) && other.noWorseThan(this);
    }
  }

  /** The points that no other dominates, by rising moved bytes; of equal ones the first given. */
  public static List<Point> of(List<Point> points) {
    return IntStream.range(0, points.size())
        .filter(i -> !dominated(points, i))
        .mapToObj(points::get)
        .sorted(
            Comparator.comparingLong(Point::movedBytes)
                .thenComparingDouble(Point::remoteNodesPerToken))
        .toList();
  }

  private static boolean dominated(List<Point> points, int i) {
    Point point = points.get(i);
    for (int j = 0; j < points.size(); j++) {
      Point other = points.get(j);
      if (j != i && other.noWorseThan(point) && (!other.sameAs(point) || j < i)) {
        return true;
      }
    }
    return false;
  }
}
