package io.sextant.jobs.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import smile.math.MathEx;

/** Layer times of maps on the same micro-batches, measured and predicted by the cost model. */
final class LayerTimes {
  private final Map<String, List<double[]>> byMap = new LinkedHashMap<>();

  /**
   * Adds a micro-batch.
   *
   * @param measured measured time of each GPU, in microseconds
   * @param predicted predicted time of each GPU, in microseconds
   * @param transfer time that the busiest node takes to receive, in microseconds
   */
  void add(String map, double[] measured, double[] predicted, double transfer) {
    double slowest = Arrays.stream(measured).max().orElse(0);
    double slowestPredicted = Arrays.stream(predicted).max().orElse(0);
    byMap
        .computeIfAbsent(map, name -> new ArrayList<>())
        .add(
            new double[] {
              slowest, slowestPredicted, slowest + transfer, slowestPredicted + transfer, transfer
            });
  }

  private static double[] column(List<double[]> rows, int column) {
    return rows.stream().mapToDouble(row -> row[column]).toArray();
  }

  /**
   * One line per map, and the rank correlation of predicted and measured times over all
   * micro-batches of all maps.
   */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%-28s %8s %12s %12s %10s %12s %12s %9s%n",
            "map",
            "batches",
            "slowest GPU",
            "predicted",
            "transfer",
            "layer us",
            "predicted",
            "speedup"));
    double first = 0;
    List<double[]> all = new ArrayList<>();
    for (Map.Entry<String, List<double[]>> entry : byMap.entrySet()) {
      List<double[]> rows = entry.getValue();
      all.addAll(rows);
      double layer = mean(rows, 2);
      first = first == 0 ? layer : first;
      text.append(
          String.format(
              Locale.ROOT,
              "%-28s %8d %12.1f %12.1f %10.1f %12.1f %12.1f %9.3f%n",
              entry.getKey(),
              rows.size(),
              mean(rows, 0),
              mean(rows, 1),
              mean(rows, 4),
              layer,
              mean(rows, 3),
              first / layer));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "rank correlation of predicted and measured over %d micro-batches: slowest GPU %.4f, layer %.4f%n",
            all.size(),
            MathEx.spearman(column(all, 0), column(all, 1)),
            MathEx.spearman(column(all, 2), column(all, 3))));
    return text.toString();
  }

  private static double mean(List<double[]> rows, int column) {
    return Arrays.stream(column(rows, column)).average().orElse(0);
  }
}
