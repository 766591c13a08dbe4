package io.sextant.jobs.sparsity;

import io.sextant.numerics.damage.HeldOut;
import io.sextant.numerics.damage.PolicyModel;
import io.sextant.numerics.stream.StreamPlan;
import io.sextant.numerics.stream.WindowPlan;
import io.sextant.schema.stats.Estimate;
import java.util.List;
import java.util.Locale;

/** Formats the results of a run as text. */
final class SparsitySummary {
  private SparsitySummary() {}

  static String of(SparsityReport report) {
    StringBuilder text = new StringBuilder();
    text.append(
        format(
            "%-10s %5s %9s %8s %9s %18s %8s %8s  %s%n",
            "policy",
            "plans",
            "left out",
            "order",
            "chance",
            "mean rise (95 %)",
            "spread",
            "noise",
            "verdict"));
    for (PolicyModel model : report.models()) {
      text.append(
          format(
              "%-10s %5d %9s %8.3f %9.4f %18s %8.4f %8.4f  %s%n",
              model.policy().id(),
              model.judged().size(),
              model.leftOut().map(order -> format("%.3f", order.rho())).orElse("-"),
              model.order().rho(),
              model.order().chance(),
              interval(model.shift()),
              model.spread(),
              model.noise().standardDeviation(),
              model.verdict()));
    }
    for (HeldOut check : report.heldOut()) {
      text.append(
          format(
              "%s, %d outcomes held out: order %.3f, %d in their 95 %% interval%n",
              check.policy().id(), check.judged().size(), check.order().rho(), check.covered()));
    }
    text.append(
        format(
            "%n%s, %d at once: %s%n",
            report.device(), report.settings().tokens(), report.gain().note()));
    for (StreamPlan plan : report.plans()) {
      plan(text, report, plan);
    }
    return text.toString();
  }

  private static void plan(StringBuilder text, SparsityReport report, StreamPlan plan) {
    text.append(
        format(
            "%n%s: %.2f us (%.2fx), loss %s (%s), planned %d times in %d windows, %.0f %% of the"
                + " kept neurons replaced a window%n",
            plan.model().policy().id(),
            plan.micros(),
            report.gain().full().median() / plan.micros(),
            interval(plan.rise()),
            plan.model().verdict(),
            plan.replanned(),
            plan.windows().size(),
            100 * plan.replacedShare()));
    List<String> layers = report.planner().layers();
    for (WindowPlan window : plan.windows()) {
      if (!window.action().equals("plan")) {
        continue;
      }
      text.append(format("  window %3d ", window.window()));
      for (int layer = 0; layer < layers.size(); layer++) {
        text.append(
            format(
                " %s %d/%d",
                layers.get(layer),
                window.plan().kept().get(layer),
                report.planner().neurons(layer)));
      }
      text.append(format("  %.2f us%n", window.plan().time().median()));
    }
  }

  private static String interval(Estimate predicted) {
    return format("%+.4f (%+.3f..%+.3f)", predicted.value(), predicted.low(), predicted.high());
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
