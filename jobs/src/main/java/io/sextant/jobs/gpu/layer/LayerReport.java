package io.sextant.jobs.gpu.layer;

import io.sextant.gpu.layer.LayerTime;
import io.sextant.gpu.layer.LayerTransport;
import io.sextant.gpu.layer.RoutedBatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import smile.math.MathEx;

/** Measured and predicted layer times by phase, transport and map. */
final class LayerReport {
  private record Run(LayerPredictions.Predicted predicted, LayerTime time) {
    double solver() {
      return predicted.solver();
    }

    double steps() {
      return predicted.steps();
    }
  }

  /** Runs by phase and transport, then by map. */
  private final Map<String, Map<String, List<Run>>> runs = new LinkedHashMap<>();

  private int checks;
  private int failedChecks;
  private double worstDifference;

  /**
   * Adds a comparison of what was delivered with what was sent.
   *
   * @param difference largest difference of an output in units of its last place
   */
  void checked(boolean passed, double difference) {
    checks++;
    failedChecks += passed ? 0 : 1;
    worstDifference = Math.max(worstDifference, difference);
  }

  void add(
      RoutedBatch batch,
      LayerTransport transport,
      LayerPredictions.Predicted predicted,
      LayerTime time) {
    runs.computeIfAbsent(
            batch.phase() + ", " + transport.name().toLowerCase(Locale.ROOT).replace('_', '-'),
            key -> new LinkedHashMap<>())
        .computeIfAbsent(batch.map(), map -> new ArrayList<>())
        .add(new Run(predicted, time));
  }

  /** A table per phase and transport, with the rank correlation over its micro-batches. */
  String text() {
    StringBuilder text = new StringBuilder();
    runs.forEach((title, maps) -> append(text, title, maps));
    text.append(
        String.format(
            Locale.ROOT,
            "%d checks of delivered rows and outputs, %d failed; largest difference %.2f units of"
                + " the last place%n",
            checks,
            failedChecks,
            worstDifference));
    return text.toString();
  }

  private static void append(StringBuilder text, String title, Map<String, List<Run>> maps) {
    text.append(
        String.format(
            "%s%n%-22s %7s %9s %9s %9s %9s %9s %9s %8s %8s %8s %8s%n",
            title,
            "map",
            "batches",
            "layer us",
            "predicted",
            "in steps",
            "dispatch",
            "experts",
            "combine",
            "busiest",
            "speedup",
            "rank",
            "in steps"));
    double first = 0;
    List<Run> all = new ArrayList<>();
    for (Map.Entry<String, List<Run>> map : maps.entrySet()) {
      List<Run> of = map.getValue();
      all.addAll(of);
      double layer = mean(of, run -> run.time().layer());
      first = first == 0 ? layer : first;
      text.append(
          String.format(
              Locale.ROOT,
              "%-22s %7d %9.1f %9.1f %9.1f %9.1f %9.1f %9.1f %8.3f %8.3f %8.4f %8.4f%n",
              map.getKey(),
              of.size(),
              layer,
              mean(of, Run::solver),
              mean(of, Run::steps),
              mean(of, run -> run.time().dispatch()),
              mean(of, run -> run.time().experts()),
              mean(of, run -> run.time().combine()),
              mean(of, run -> run.time().busiestExperts()),
              first / layer,
              rank(of, Run::solver),
              rank(of, Run::steps)));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "rank correlation with the measured time over %d micro-batches: solver's prediction %.4f,"
                + " in steps %.4f; mean difference %.1f and %.1f %%%n%n",
            all.size(),
            rank(all, Run::solver),
            rank(all, Run::steps),
            difference(all, Run::solver),
            difference(all, Run::steps)));
  }

  private static double rank(List<Run> runs, ToDoubleFunction<Run> predicted) {
    return runs.size() < 2
        ? Double.NaN
        : MathEx.spearman(
            runs.stream().mapToDouble(predicted).toArray(),
            runs.stream().mapToDouble(run -> run.time().layer()).toArray());
  }

  /** Mean difference in per cent of the measured time. */
  private static double difference(List<Run> runs, ToDoubleFunction<Run> predicted) {
    return 100
        * mean(
            runs,
            run ->
                Math.abs(predicted.applyAsDouble(run) - run.time().layer()) / run.time().layer());
  }

  private static double mean(List<Run> runs, ToDoubleFunction<Run> value) {
    return runs.stream().mapToDouble(value).average().orElse(0);
  }
}
