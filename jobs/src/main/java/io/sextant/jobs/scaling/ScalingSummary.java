package io.sextant.jobs.scaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sextant.numerics.scaling.FittedLaw;
import io.sextant.numerics.scaling.ScalingLaw;
import io.sextant.schema.stats.Estimate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The result of a run.
 *
 * @param laws the laws, by benchmark and family
 * @param base the baseline's law, by benchmark
 * @param baseline name of the baseline family
 */
record ScalingSummary(List<FittedLaw> laws, Map<String, ScalingLaw> base, String baseline) {

  /** The result as text. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%-14s %-20s %5s %26s %9s  %s%n",
            "benchmark",
            "family",
            "sizes",
            "exponent (95 %)",
            "residual",
            "gain in exponent (95 %)"));
    for (FittedLaw fitted : laws) {
      ScalingLaw law = fitted.law();
      Estimate a = law.exponentInterval();
      Estimate gain = gain(fitted);
      text.append(
          String.format(
              Locale.ROOT,
              "%-14s %-20s %5d %26s %9.5f  %s%n",
              fitted.benchmark(),
              fitted.family(),
              law.points(),
              String.format(Locale.ROOT, "%.4f (%.4f..%.4f)", a.value(), a.low(), a.high()),
              law.residual(),
              gain == null
                  ? "-"
                  : String.format(
                      Locale.ROOT,
                      "%+.1f %% (%+.1f..%+.1f)",
                      100 * gain.value(),
                      100 * gain.low(),
                      100 * gain.high())));
    }
    return text.toString();
  }

  /** The result as JSON. */
  JsonNode json() {
    List<Map<String, Object>> all = new ArrayList<>();
    for (FittedLaw fitted : laws) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("benchmark", fitted.benchmark());
      fields.put("family", fitted.family());
      fields.put("sizes", fitted.law().points());
      fields.put("exponent", fitted.law().exponentInterval());
      fields.put("intercept", fitted.law().interceptInterval());
      fields.put("residual", fitted.law().residual());
      fields.put("gain", gain(fitted));
      all.add(fields);
    }
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("baseline", baseline);
    root.put("laws", all);
    return new ObjectMapper().valueToTree(root);
  }

  /** Null for the baseline itself, or if the baseline was not measured on the benchmark. */
  private Estimate gain(FittedLaw fitted) {
    ScalingLaw other = base.get(fitted.benchmark());
    return other == null || fitted.family().equals(baseline) ? null : fitted.law().gainOver(other);
  }
}
