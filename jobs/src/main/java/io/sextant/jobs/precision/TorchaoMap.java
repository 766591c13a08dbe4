package io.sextant.jobs.precision;

import io.sextant.numerics.dispatch.Choice;
import io.sextant.numerics.format.Granularity;
import io.sextant.numerics.gemm.Recipe;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One recipe for each module, as torchao configures a model: {@code tensorwise}, {@code rowwise},
 * {@code blockwise}, or null for BF16. A module has one recipe for all numbers of tokens: the one
 * that was chosen for most of the measured numbers; in a tie, the simpler one.
 */
final class TorchaoMap {
  private TorchaoMap() {}

  static Map<String, String> of(Map<Integer, List<Choice>> byTokens) {
    Map<String, Map<String, Integer>> votes = new LinkedHashMap<>();
    for (List<Choice> choices : byTokens.values()) {
      for (Choice choice : choices) {
        votes
            .computeIfAbsent(choice.kernel().site(), site -> new TreeMap<>())
            .merge(choice.kernel().recipe(), 1, Integer::sum);
      }
    }
    Map<String, String> map = new LinkedHashMap<>();
    votes.forEach((site, counts) -> map.put(site, name(mostChosen(counts))));
    return map;
  }

  private static Recipe mostChosen(Map<String, Integer> counts) {
    Recipe best = Recipe.BF16;
    // torchao has no name for 2:4 activations, so these choices do not count.
    for (Recipe recipe : Recipe.dense()) {
      if (counts.getOrDefault(recipe.id(), 0) > counts.getOrDefault(best.id(), 0)) {
        best = recipe;
      }
    }
    return best;
  }

  private static String name(Recipe recipe) {
    return recipe.activations() == null
        ? null
        : recipe.activations() == Granularity.TENSOR
            ? "tensorwise"
            : recipe.activations() == Granularity.ROW ? "rowwise" : "blockwise";
  }
}
