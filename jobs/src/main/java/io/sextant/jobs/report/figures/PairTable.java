package io.sextant.jobs.report.figures;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Two measures of pairs of names, each a mean over the layers. */
final class PairTable {
  private final Map<Pair, Means> pairs =
      new TreeMap<>(Comparator.comparing(Pair::a).thenComparing(Pair::b));
  private final Set<String> names = new TreeSet<>();

  private record Pair(String a, String b) {}

  private record Means(LayerMean first, LayerMean second) {}

  /** Either measure may be null. */
  void add(String a, String b, int layer, Double first, Double second) {
    names.add(a);
    names.add(b);
    Means means =
        pairs.computeIfAbsent(new Pair(a, b), pair -> new Means(new LayerMean(), new LayerMean()));
    means.first().add(layer, first);
    means.second().add(layer, second);
  }

  /** All names, sorted. */
  List<String> names() {
    return List.copyOf(names);
  }

  List<List<Double>> first(List<String> order, double diagonal) {
    List<List<Double>> matrix = Figures.matrix(order.size(), diagonal);
    pairs.forEach((pair, means) -> set(matrix, order, pair, means.first().mean()));
    return matrix;
  }

  List<List<Double>> second(List<String> order, double diagonal) {
    List<List<Double>> matrix = Figures.matrix(order.size(), diagonal);
    pairs.forEach((pair, means) -> set(matrix, order, pair, means.second().mean()));
    return matrix;
  }

  private static void set(List<List<Double>> matrix, List<String> order, Pair pair, Double figure) {
    int a = order.indexOf(pair.a());
    int b = order.indexOf(pair.b());
    if (a != b && a >= 0 && b >= 0) {
      Figures.setBoth(matrix, a, b, figure);
    }
  }

  /**
   * Mean over the layers. Adds in the order of the layers, so that the floating-point sum does not
   * depend on the order in which rows arrive.
   */
  private static final class LayerMean {
    private final Map<Integer, Double> byLayer = new TreeMap<>();

    void add(int layer, Double figure) {
      if (figure != null) {
        byLayer.put(layer, figure);
      }
    }

    /** Null if no layer has a figure. */
    Double mean() {
      double sum = 0;
      for (double figure : byLayer.values()) {
        sum += figure;
      }
      return byLayer.isEmpty() ? null : Figures.rounded(sum / byLayer.size());
    }
  }
}
