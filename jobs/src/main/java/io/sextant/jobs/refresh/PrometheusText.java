package io.sextant.jobs.refresh;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Gauges in Prometheus' text exposition format 0.0.4, as read by node exporter's textfile
 * collector: HELP and TYPE once per name, all samples of a name together, no timestamps, base
 * units.
 */
final class PrometheusText {
  private final Map<String, String> heads = new LinkedHashMap<>();
  private final Map<String, StringBuilder> samples = new LinkedHashMap<>();

  /**
   * Adds a sample.
   *
   * @param help one sentence, the same for all samples of the name
   * @param labels alternating names and values
   */
  PrometheusText gauge(String name, String help, double value, String... labels) {
    return sample(name, help, number(value), labels);
  }

  /** Adds a sample of a count or of bytes. */
  PrometheusText gauge(String name, String help, long value, String... labels) {
    return sample(name, help, Long.toString(value), labels);
  }

  private PrometheusText sample(String name, String help, String value, String... labels) {
    heads.putIfAbsent(
        name, "# HELP %s %s%n# TYPE %s gauge%n".formatted(name, help, name).replace("\r", ""));
    StringBuilder line = samples.computeIfAbsent(name, absent -> new StringBuilder());
    line.append(name);
    for (int i = 0; i < labels.length; i += 2) {
      line.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
      line.append(escape(labels[i + 1])).append('"');
    }
    line.append(labels.length == 0 ? " " : "} ").append(value).append('\n');
    return this;
  }

  private static String escape(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  private static String number(double value) {
    return Double.isInfinite(value) ? (value > 0 ? "+Inf" : "-Inf") : Double.toString(value);
  }

  /** The text of the file. */
  String text() {
    StringBuilder text = new StringBuilder();
    heads.forEach((name, head) -> text.append(head).append(samples.get(name)));
    return text.toString();
  }
}
