package io.sextant.jobs.report.figures;

import java.util.ArrayList;
import java.util.List;

/**
 * Orders names so that similar ones are adjacent: starts from the most similar pair and appends, at
 * either end, the name that is most similar to that end. In a tie the earlier name is taken.
 */
final class LikenessOrder {
  private LikenessOrder() {}

  /**
   * @param likeness similarities [a][b], symmetric, larger is more similar; null counts as the
   *     smallest similarity
   * @return the indices in their new order
   */
  static List<Integer> of(List<List<Double>> likeness) {
    int n = likeness.size();
    List<Integer> order = new ArrayList<>(n);
    List<Integer> left = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      left.add(i);
    }
    if (n < 3) {
      return left;
    }
    int bestA = 0;
    int bestB = 1;
    for (int a = 0; a < n; a++) {
      for (int b = a + 1; b < n; b++) {
        if (at(likeness, a, b) > at(likeness, bestA, bestB)) {
          bestA = a;
          bestB = b;
        }
      }
    }
    order.add(bestA);
    order.add(bestB);
    left.removeAll(order);
    while (!left.isEmpty()) {
      int first = mostLike(likeness, order.get(0), left);
      int last = mostLike(likeness, order.get(order.size() - 1), left);
      boolean atFront =
          at(likeness, order.get(0), first) > at(likeness, order.get(order.size() - 1), last);
      int next = atFront ? first : last;
      order.add(atFront ? 0 : order.size(), next);
      left.remove(Integer.valueOf(next));
    }
    return order;
  }

  private static int mostLike(List<List<Double>> likeness, int end, List<Integer> candidates) {
    int best = candidates.get(0);
    for (int candidate : candidates) {
      if (at(likeness, end, candidate) > at(likeness, end, best)) {
        best = candidate;
      }
    }
    return best;
  }

  private static double at(List<List<Double>> likeness, int a, int b) {
    Double figure = likeness.get(a).get(b);
    return figure == null ? Double.NEGATIVE_INFINITY : figure;
  }
}
