package io.sextant.jobs.precision;

import io.sextant.numerics.dispatch.Choice;
import io.sextant.numerics.dispatch.DispatchStability;
import io.sextant.numerics.dispatch.KernelFigures;
import io.sextant.numerics.dispatch.RepeatedRuns;
import io.sextant.numerics.dispatch.SiteDispatch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How certain a choice of a kernel is, and what to use without its package.
 *
 * @param share share of bootstrap samples of the measured times that lead to the same choice; empty
 *     if the file does not hold the samples
 * @param fallback choice among the kernels of no package; empty if the chosen kernel is of none
 */
record Certainty(OptionalDouble share, Optional<Choice> fallback) {
  private static final int RESAMPLES = 200;
  private static final long SEED = 1;

  /** The certainty of each choice. */
  static Map<Choice, Certainty> of(
      SiteDispatch site,
      Map<Integer, List<List<KernelFigures>>> byTokens,
      Map<Integer, List<Choice>> choices) {
    DispatchStability stability = new DispatchStability(site, RESAMPLES, SEED);
    Map<Choice, Certainty> all = new HashMap<>();
    byTokens.forEach(
        (tokens, products) -> {
          for (int i = 0; i < products.size(); i++) {
            Choice choice = choices.get(tokens).get(i);
            all.put(
                choice,
                new Certainty(
                    stability.share(products.get(i), choice),
                    site.fallback(RepeatedRuns.pooled(products.get(i)), choice)));
          }
        });
    return all;
  }

  /** Whether another measurement of the same kernels would often lead to another choice. */
  boolean coinFlip() {
    return share.isPresent() && share.getAsDouble() < DispatchStability.COIN_FLIP;
  }
}
