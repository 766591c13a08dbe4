package io.sextant.jobs.report;

import io.sextant.jobs.report.ReportData.Load;
import io.sextant.jobs.report.ReportData.Plan;
import io.sextant.jobs.report.ReportData.Score;
import io.sextant.jobs.report.ReportData.Traffic;
import java.util.Locale;
import java.util.Optional;

/** The report in a sentence: traffic and balance before and after, or what is known instead. */
final class Headline {
  private Headline() {}

  static String of(String model, Section<Traffic> traffic, Section<Load> load) {
    Optional<Score> before = score(traffic, TrafficFigures.LINEAR);
    Optional<Score> after = score(traffic, TrafficFigures.SEXTANT);
    if (before.isPresent() && after.isPresent()) {
      return compare(before.get(), after.get());
    }
    return load.available()
        ? "No placement of %s has been scored yet; this is how its traffic loads the experts."
            .formatted(model)
        : "The warehouse knows %s, but neither its load nor a placement.".formatted(model);
  }

  private static Optional<Score> score(Section<Traffic> traffic, String plan) {
    return traffic.available()
        ? traffic.value().plans().stream()
            .filter(candidate -> candidate.name().equals(plan))
            .map(Plan::all)
            .filter(
                all -> all != null && all.remoteNodesPerToken() != null && all.gpuLoad() != null)
            .findFirst()
        : Optional.empty();
  }

  private static String compare(Score before, Score after) {
    return String.format(
        Locale.ROOT,
        "%s: a token goes to %.3f remote nodes instead of %.3f, and the busiest GPU carries"
            + " %.3f times the mean instead of %.3f.",
        change(before.remoteNodesPerToken(), after.remoteNodesPerToken()),
        after.remoteNodesPerToken(),
        before.remoteNodesPerToken(),
        after.gpuLoad(),
        before.gpuLoad());
  }

  private static String change(double before, double after) {
    double percent = before == 0 ? 0 : 100 * (after - before) / before;
    if (Math.abs(percent) < 0.05) {
      return "Traffic between nodes unchanged";
    }
    return String.format(
        Locale.ROOT,
        "%.1f %% %s traffic between nodes",
        Math.abs(percent),
        percent < 0 ? "less" : "more");
  }
}
