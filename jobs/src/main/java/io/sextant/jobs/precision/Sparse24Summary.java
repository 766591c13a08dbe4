package io.sextant.jobs.precision;

import io.sextant.numerics.gemm.Recipe;
import io.sextant.numerics.probe.SiteProbe;
import io.sextant.numerics.probe.Sparse24Fit;
import java.util.List;
import java.util.Locale;

/**
 * The text that probe prints about 2:4 activations: one line for each site whose activations have
 * zeros.
 */
final class Sparse24Summary {
  private Sparse24Summary() {}

  /** Empty if no site has zeros. */
  static String text(List<SiteProbe> probes, double mostError) {
    StringBuilder text = new StringBuilder();
    for (SiteProbe probe : probes) {
      Sparse24Fit fit = probe.sparse24();
      if (!fit.candidate()) {
        continue;
      }
      if (text.isEmpty()) {
        text.append(
            "%n%-24s %7s %9s %9s %9s %6s %9s %9s  %-7s %s%n"
                .formatted(
                    "2:4 activations",
                    "zeros",
                    "over two",
                    "if indep.",
                    "dropped",
                    "dB",
                    "BF16",
                    "E4M3",
                    "verdict",
                    "reason"));
      }
      SiteProbe.OfRecipe bf16 = of(probe, Recipe.BF16_SPARSE24);
      text.append(
          String.format(
              Locale.ROOT,
              "%-24s %7.4f %9.5f %9.5f %9.6f %6s %9.5f %9.5f  %-7s %s%n",
              probe.site(),
              fit.zeros(),
              fit.overTwo(),
              fit.overTwoIfIndependent(),
              fit.dropped(),
              // If nothing is dropped, the ratio in decibels is infinite.
              fit.dropped() > 0 ? String.format(Locale.ROOT, "%.1f", fit.droppedDb()) : "-",
              bf16.afterNorm(),
              of(probe, Recipe.E4M3_SPARSE24).afterNorm(),
              bf16.safe(mostError) ? "safe" : "unsafe",
              bf16.reason(mostError)));
    }
    return text.toString();
  }

  private static SiteProbe.OfRecipe of(SiteProbe probe, Recipe recipe) {
    return probe.recipes().stream()
        .filter(one -> one.error().recipe() == recipe)
        .findFirst()
        .orElseThrow();
  }
}
