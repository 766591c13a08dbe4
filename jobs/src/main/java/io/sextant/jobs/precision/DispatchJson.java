package io.sextant.jobs.precision;

import io.sextant.numerics.dispatch.Choice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Formats choices as a tree of JSON values, with the reason for each kernel that was not chosen.
 */
final class DispatchJson {
  private DispatchJson() {}

  /**
   * @param device name of the GPU that was measured
   * @param alone choices per product, by number of tokens
   * @param together choices under one error budget; empty without a budget
   * @param certainty certainty of the choices per product
   */
  static Map<String, Object> of(
      String device,
      Map<Integer, List<Choice>> alone,
      Map<Integer, List<Choice>> together,
      Map<Choice, Certainty> certainty) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("device", device);
    root.put("site", sites(alone, certainty));
    if (!together.isEmpty()) {
      root.put("global", sites(together, Map.of()));
    }
    return root;
  }

  /** Choices by site, then by number of tokens. */
  private static Map<String, Map<Integer, Object>> sites(
      Map<Integer, List<Choice>> byTokens, Map<Choice, Certainty> certainty) {
    Map<String, Map<Integer, Object>> sites = new LinkedHashMap<>();
    byTokens.forEach(
        (tokens, choices) ->
            choices.forEach(
                choice ->
                    sites
                        .computeIfAbsent(choice.kernel().site(), site -> new LinkedHashMap<>())
                        .put(tokens, choice(choice, certainty.get(choice)))));
    return sites;
  }

  private static Map<String, Object> choice(Choice choice, Certainty certainty) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("recipe", choice.kernel().recipe());
    fields.put("library", choice.kernel().library());
    fields.put("algorithm", choice.kernel().algorithm());
    fields.put("micros", choice.kernel().endToEndUs());
    fields.put("bf16_micros", choice.bf16().endToEndUs());
    fields.put("speedup", choice.speedup());
    fields.put("error", choice.error());
    if (certainty != null && certainty.share().isPresent()) {
      fields.put("stability", certainty.share().getAsDouble());
    }
    if (certainty != null && certainty.fallback().isPresent()) {
      Map<String, Object> fallback = new LinkedHashMap<>();
      fallback.put("recipe", certainty.fallback().get().kernel().recipe());
      fallback.put("library", certainty.fallback().get().kernel().library());
      fallback.put("micros", certainty.fallback().get().kernel().endToEndUs());
      fields.put("fallback", fallback);
    }
    List<Map<String, String>> losers = new ArrayList<>();
    for (Choice.Loser loser : choice.losers()) {
      Map<String, String> lost = new LinkedHashMap<>();
      lost.put("recipe", loser.kernel().recipe());
      lost.put("library", loser.kernel().library());
      lost.put("reason", loser.reason());
      losers.add(lost);
    }
    fields.put("losers", losers);
    return fields;
  }
}
