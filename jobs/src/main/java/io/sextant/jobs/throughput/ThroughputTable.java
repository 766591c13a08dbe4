package io.sextant.jobs.throughput;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.jobs.score.PlanScores;
import io.sextant.placement.evaluate.PlacementMetrics;
import java.util.Locale;

/**
 * Formats what plans bring in tokens per second, beside what was predicted, given or assumed.
 *
 * @param throughput converts layer times
 */
public record ThroughputTable(Throughput throughput, PlanScores scores) {
  private static final String NOT_AVAILABLE = "n/a";

  /** A line that says why there is no throughput. */
  public static String unavailable() {
    return "tokens per second: not available, because the time of a layer beside its experts is not"
        + " known. Give --rest-us%n".formatted();
  }

  /** A line per plan, with its change against the first plan. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        format(
            "tokens per second of %d GPUs, from %d MoE layers as predicted and %d x %.1f us"
                + " (prefill) or %.1f us (decode) for the rest%n(%s), one batch at a time, nothing"
                + " overlapped%n",
            throughput.target().cluster().gpus(),
            throughput.target().model().moeLayers().size(),
            throughput.target().model().layers(),
            throughput.rest().prefillMicros(),
            throughput.rest().decodeMicros(),
            throughput.rest().source()));
    text.append(
        line(
            "plan",
            "prefill tokens/s",
            "against",
            "us per output token",
            "decode tokens/s",
            "against"));
    PlacementMetrics first = scores.metrics(scores.plans().get(0));
    for (String plan : scores.plans()) {
      PlacementMetrics m = scores.metrics(plan);
      text.append(
          line(
              plan,
              whole(throughput.prefillTokensPerSecond(m)),
              change(
                  throughput.prefillTokensPerSecond(m), throughput.prefillTokensPerSecond(first)),
              whole(throughput.decodeMicros(m)),
              whole(throughput.decodeTokensPerSecond(m)),
              change(
                  throughput.decodeTokensPerSecond(m), throughput.decodeTokensPerSecond(first))));
    }
    return text.toString();
  }

  private static String line(Object... cells) {
    return format("%-24s %18s %9s %20s %16s %9s", cells).stripTrailing() + format("%n");
  }

  /** The same figures; what is not available is null. */
  public void put(ObjectNode node) {
    node.put("rest_prefill_micros", throughput.rest().prefillMicros())
        .put("rest_decode_micros", throughput.rest().decodeMicros())
        .put("rest_source", throughput.rest().source());
    ArrayNode plans = node.putArray("plans");
    for (String plan : scores.plans()) {
      PlacementMetrics m = scores.metrics(plan);
      ObjectNode of = plans.addObject().put("plan", plan);
      put(of, "prefill_tokens_per_second", throughput.prefillTokensPerSecond(m));
      put(of, "micros_per_output_token", throughput.decodeMicros(m));
      put(of, "decode_tokens_per_second", throughput.decodeTokensPerSecond(m));
    }
  }

  private static void put(ObjectNode node, String name, double value) {
    if (Double.isNaN(value)) {
      node.putNull(name);
    } else {
      node.put(name, value);
    }
  }

  private static String whole(double value) {
    return Double.isNaN(value) ? NOT_AVAILABLE : format("%,.0f", value);
  }

  private static String change(double value, double first) {
    return Double.isNaN(value) || Double.isNaN(first)
        ? NOT_AVAILABLE
        : format("%+.1f %%", 100 * (value / first - 1));
  }

  private static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
