package io.sextant.jobs.price;

import io.sextant.jobs.throughput.ThroughputTable;
import io.sextant.placement.evaluate.MicroBatchMeasure;
import io.sextant.schema.stats.Estimate;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A curve as text: a line per number of slots, and the number that the rule names.
 *
 * @param report the days and the rule
 */
record PriceText(PriceReport report, PriceCurve curve) {
  private static final String NOT_AVAILABLE = "n/a";

  String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        format(
            "%s on %s under the serving profile %s: planned on %s to %s, scored on %s to %s%n",
            curve.target().model().name(),
            curve.target().cluster().name(),
            curve.target().profile().name(),
            report.planned().first(),
            report.planned().last(),
            report.scored().first(),
            report.scored().last()));
    text.append(
        line("slots", "per GPU", "layer us", "saved", "remote nodes", "max/mean GPU", "KV tokens"));
    curve.points().forEach(point -> text.append(line(point)));
    curve
        .unknownMemory()
        .ifPresent(why -> text.append("KV tokens are not available: %s%n".formatted(why)));
    return text.append(knee())
        .append(
            curve.throughput().map(ThroughputTable::text).orElseGet(ThroughputTable::unavailable))
        .append(format("%n"))
        .toString();
  }

  private String line(PricePoint point) {
    return line(
        point.slots(),
        point.slotsPerGpu(),
        figure(point.metrics().layerMicros(), 2)
            + interval(point.interval(MicroBatchMeasure.LAYER_MICROS), 1, 2),
        point.slots() == curve.fewest().slots() ? "" : percent(point.gain()),
        figure(point.metrics().remoteNodesPerToken(), 4),
        figure(point.metrics().maxOverMeanGpuLoad(), 4),
        tokens(point));
  }

  private static String line(Object... cells) {
    return format("%6s %8s %24s %24s %13s %13s %24s", cells).stripTrailing() + format("%n");
  }

  private String tokens(PricePoint point) {
    if (point.cacheTokens().isEmpty()) {
      return NOT_AVAILABLE;
    }
    OptionalLong lost = point.cacheTokensLost(curve.fewest());
    return format("%,d", point.cacheTokens().getAsLong())
        + (lost.getAsLong() == 0
            ? ""
            : format(
                " (-%.2f %%)",
                100.0 * lost.getAsLong() / curve.fewest().cacheTokens().getAsLong()));
  }

  private String knee() {
    if (curve.atKnee().isEmpty()) {
      return format(
          "knee: not available, because there are too few micro-batches. Score more days%n");
    }
    PricePoint knee = curve.atKnee().get();
    boolean none = knee.slots() == curve.fewest().slots();
    boolean copies = curve.fewest().slots() > curve.target().model().experts();
    return format(
        "knee: %s. %s%n",
        none
            ? (copies ? "%d slots, the fewest" : "no copies (%d slots)").formatted(knee.slots())
            : "%d slots, %d per GPU".formatted(knee.slots(), knee.slotsPerGpu()),
        none ? noneIsWorthIt() : worth(knee));
  }

  private String noneIsWorthIt() {
    return format(
        "No larger number saves more than %s %% of the layer time per further slot of a GPU with"
            + " certainty",
        minimum());
  }

  private String worth(PricePoint knee) {
    OptionalLong lost = knee.cacheTokensLost(curve.fewest());
    return format(
        "It saves %s of the layer time%s; no larger number saves more than %s %% per further slot"
            + " of a GPU with certainty",
        percent(knee.gain()),
        lost.isPresent() ? format(" and takes %,d tokens of KV cache", lost.getAsLong()) : "",
        minimum());
  }

  private String minimum() {
    return format("%.4s", 100 * report.minimumGain());
  }

  private static String percent(Optional<Estimate> share) {
    return share
        .map(
            of -> format("%.2f %% [%.2f, %.2f]", 100 * of.value(), 100 * of.low(), 100 * of.high()))
        .orElse(NOT_AVAILABLE);
  }

  private static String interval(Optional<Estimate> interval, double unit, int digits) {
    return interval
        .map(
            of ->
                " [%s, %s]"
                    .formatted(figure(unit * of.low(), digits), figure(unit * of.high(), digits)))
        .orElse("");
  }

  private static String figure(double value, int digits) {
    return Double.isNaN(value) ? NOT_AVAILABLE : format("%." + digits + "f", value);
  }

  private static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
