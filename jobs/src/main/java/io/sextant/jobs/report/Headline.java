package io.sextant.jobs.report;

import io.sextant.jobs.report.data.PlanData.Decided;
import io.sextant.jobs.report.data.PlanData.Score;
import io.sextant.jobs.report.data.PlanData.Spans;
import io.sextant.jobs.report.data.PlanData.Traffic;
import io.sextant.jobs.report.data.RoutingData.Load;
import io.sextant.jobs.report.data.Section;
import io.sextant.jobs.report.figures.ShownRun;
import io.sextant.jobs.report.figures.TrafficFigures;
import io.sextant.schema.placement.PlannedFor;
import io.sextant.schema.stats.Estimate;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * The report in one sentence: the decision, and traffic and balance before and after; if there is
 * no plan, what the warehouse contains.
 */
final class Headline {
  private Headline() {}

  static String of(
      String model, Section<Traffic> traffic, Section<Decided> decision, Section<Load> load) {
    Optional<Score> before = score(traffic, Traffic::before);
    Optional<Score> after = score(traffic, Traffic::after);
    if (before.isPresent() && after.isPresent()) {
      boolean counts = after.get().remoteNodesPerToken() == null;
      String plan = called(traffic.value().before());
      String compared =
          counts
              ? compareLoad(before.get(), after.get(), plan)
              : compare(before.get(), after.get(), plan) + under(traffic.value().serving()) + ".";
      return decision.available() ? verdict(decision.value(), compared) : compared;
    }
    if (!traffic.available() && traffic.note().startsWith(ShownRun.NO_SCORES)) {
      return traffic.note().substring(0, 1).toUpperCase(Locale.ROOT)
          + traffic.note().substring(1)
          + ".";
    }
    return load.available()
        ? "No placement of %s has been scored yet; the report shows how its traffic loads the experts."
            .formatted(model)
        : "The warehouse has traces of %s, but neither its load nor a placement.".formatted(model);
  }

  /** The reason for the decision, which the page shows below the verdict. */
  static Optional<String> sentence(Section<Decided> decision) {
    return decision.available() ? Optional.of(decision.value().reason()) : Optional.empty();
  }

  /** The cost of the decision, and who decided; null if there was no decision. */
  static String why(Section<Decided> decision) {
    if (!decision.available()) {
      return null;
    }
    Decided decided = decision.value();
    String moving =
        decided.movedBytes() == null
            ? "No map was in force, so nothing has to be moved."
            : String.format(
                Locale.ROOT,
                "Moving %,.1f MB takes %,.2f ms.",
                decided.movedBytes() / 1e6,
                decided.moveMicros() / 1e3);
    return "%s Decided by %s%s.".formatted(moving, decided.command(), under(decided.serving()));
  }

  /** Rows from before version 0.2.0 and those of plans from counts name no profile. */
  private static String under(String serving) {
    return serving == null || serving.equals(PlannedFor.NONE.serving())
        ? ""
        : ", under the serving profile " + serving;
  }

  /** A plan that is not published would have changed the figures by as much. */
  private static String verdict(Decided decided, String compared) {
    return switch (decided.verdict()) {
      case "publish" -> "Publish. " + compared;
      case "keep" -> "Keep. With the new plan " + lowerCase(compared);
      default -> "Insufficient evidence. With the new plan " + lowerCase(compared);
    };
  }

  private static String lowerCase(String sentence) {
    return sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
  }

  private static Optional<Score> score(Section<Traffic> traffic, Function<Traffic, String> plan) {
    return traffic.available()
        ? traffic.value().score(plan.apply(traffic.value())).filter(all -> all.gpuLoad() != null)
        : Optional.empty();
  }

  /** The plan's name in a sentence: which linear map it is must be said. */
  private static String called(String plan) {
    return switch (plan) {
      case TrafficFigures.CURRENT -> "the map in force";
      case TrafficFigures.LINEAR -> "linear with as many slots";
      default -> plan;
    };
  }

  private static String compareLoad(Score before, Score after, String plan) {
    return String.format(
        Locale.ROOT,
        "The busiest GPU carries %.3f times the mean instead of %.3f under %s; traffic between nodes"
            + " is not available, because the engines only counted tokens of each expert.",
        after.gpuLoad(),
        before.gpuLoad(),
        plan);
  }

  private static String compare(Score before, Score after, String plan) {
    return String.format(
        Locale.ROOT,
        "%s than under %s: a token goes to %s remote nodes instead of %s, and the busiest GPU"
            + " carries %s times the mean instead of %s",
        change(before.remoteNodesPerToken(), after.remoteNodesPerToken()),
        plan,
        figure(after.remoteNodesPerToken(), after.spans(), Spans::remoteNodesPerToken),
        figure(before.remoteNodesPerToken(), before.spans(), Spans::remoteNodesPerToken),
        figure(after.gpuLoad(), after.spans(), Spans::gpuLoad),
        figure(before.gpuLoad(), before.spans(), Spans::gpuLoad));
  }

  /** A figure with its 95 % interval, if there is one. */
  private static String figure(double value, Spans spans, Function<Spans, Estimate> which) {
    Estimate interval = spans == null ? null : which.apply(spans);
    return interval == null
        ? String.format(Locale.ROOT, "%.3f", value)
        : String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", value, interval.low(), interval.high());
  }

  private static String change(double before, double after) {
    double percent = before == 0 ? 0 : 100 * (after - before) / before;
    if (Math.abs(percent) < 0.05) {
      return "No less traffic between nodes";
    }
    return String.format(
        Locale.ROOT,
        "%.1f %% %s traffic between nodes",
        Math.abs(percent),
        percent < 0 ? "less" : "more");
  }
}
