package io.sextant.jobs.precision;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sextant.numerics.gemm.Recipe;
import io.sextant.numerics.probe.Hazard;
import io.sextant.numerics.probe.PredictedError;
import io.sextant.numerics.probe.SiteProbe;
import io.sextant.numerics.probe.VerdictChange;
import io.sextant.numerics.probe.WeightModel;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The text that probe prints: one line per site, and the hazards. */
final class ProbeSummary {
  private static final String LINE = "%-24s %9s %9s %9s %9s  %-24s %-7s %s%n";

  private ProbeSummary() {}

  static String text(Probed probed, double mostError) {
    List<SiteProbe> probes = probed.sites();
    StringBuilder text =
        new StringBuilder(
            LINE.formatted(
                "site", "tensor", "row", "block", "N(0,1)", "alignment of", "verdict", "hazards"));
    Map<String, String> lines = new TreeMap<>(SiteOrder.NUMBERS_AS_NUMBERS);
    probes.forEach(probe -> lines.put(probe.site(), line(probe, mostError)));
    probed.notJudged().forEach((site, why) -> lines.put(site, notJudged(site, why)));
    lines.values().forEach(text::append);
    text.append(
        String.format(
            Locale.ROOT,
            "predicted |out - ref| / |ref| of the product; unsafe beyond %.4f%n",
            mostError));
    for (SiteProbe probe : probes) {
      if (!probe.hazards().isEmpty()) {
        SiteProbe.OfRecipe tensor = probe.recipes().get(0);
        text.append(
            String.format(
                Locale.ROOT,
                "%s: %s. With %s: %.5f instead of %.5f (%s)%n",
                probe.site(),
                probe.hazards().stream().map(Hazard::text).collect(Collectors.joining("; ")),
                probe.adaptations().stream()
                    .map(Hazard.Adaptation::title)
                    .collect(Collectors.joining(", ")),
                tensor.afterMods(),
                tensor.afterNorm(),
                tensor.error().recipe().id()));
      }
    }
    text.append(Sparse24Summary.text(probes, mostError));
    text.append(WeightModels.text(probed.weightModels()));
    if (probed.changes() != null) {
      append(text, probed.changes());
    }
    return text.toString();
  }

  private static void append(StringBuilder text, List<VerdictChange> changes) {
    changes.forEach(change -> text.append(change.text()).append('\n'));
    text.append(
        "%d verdicts changed at %d sites; run dispatch again for these: %s%n"
            .formatted(
                changes.size(),
                changes.stream().map(VerdictChange::site).distinct().count(),
                changes.isEmpty()
                    ? "none"
                    : changes.stream()
                        .map(VerdictChange::site)
                        .distinct()
                        .sorted(SiteOrder.NUMBERS_AS_NUMBERS)
                        .collect(Collectors.joining(", "))));
  }

  private static String line(SiteProbe probe, double mostError) {
    return LINE.formatted(
        probe.site(),
        error(probe, Recipe.E4M3_TENSOR),
        error(probe, Recipe.E4M3_ROW),
        error(probe, Recipe.E4M3_BLOCK),
        number(PredictedError.ofGaussian(Recipe.E4M3_TENSOR)),
        probe.alignmentOf() == null ? "none: at most" : probe.alignmentOf(),
        probe.recipes().stream()
                .filter(recipe -> recipe.sparse24() == null)
                .allMatch(recipe -> recipe.safe(mostError))
            ? "safe"
            : "unsafe",
        probe.hazards().stream().map(Hazard::name).collect(Collectors.joining(", ")));
  }

  private static String notJudged(String site, String why) {
    return LINE.formatted(site, "-", "-", "-", "-", "-", "none", "not judged: " + why);
  }

  /** The result as JSON. */
  static ObjectNode json(Probed probed, double mostError) {
    ObjectNode root = JsonNodeFactory.instance.objectNode().put("max_error", mostError);
    ArrayNode sites = root.putArray("sites");
    for (SiteProbe probe : probed.sites()) {
      ObjectNode site = sites.addObject().put("site", probe.site());
      site.put("alignment_of", probe.alignmentOf());
      ObjectNode recipes = site.putObject("recipes");
      for (SiteProbe.OfRecipe recipe : probe.recipes()) {
        recipes
            .putObject(recipe.error().recipe().id())
            .put("relative_frobenius", recipe.error().relativeFrobenius())
            .put("error_after_mods", recipe.afterMods())
            .put("verdict", recipe.safe(mostError) ? "safe" : "unsafe");
      }
      ArrayNode hazards = site.putArray("hazards");
      probe.hazards().forEach(hazard -> hazards.add(hazard.text()));
    }
    ArrayNode models = root.putArray("weight_models");
    for (WeightModel model : probed.weightModels()) {
      ObjectNode node =
          models.addObject().put("site", model.site()).put("tensors", model.samples());
      if (model.reason() == null) {
        node.put("by_sample_moments", model.bySample())
            .put("by_matrix_normal", model.byMatrixNormal());
      } else {
        node.put("not_available", model.reason());
      }
    }
    ObjectNode notJudged = root.putObject("not_judged");
    probed.notJudged().forEach(notJudged::put);
    if (probed.changes() != null) {
      ArrayNode changes = root.putArray("verdict_changes");
      for (VerdictChange change : probed.changes()) {
        changes
            .addObject()
            .put("site", change.site())
            .put("recipe", change.recipe())
            .put("from_step", change.fromStep())
            .put("step", change.step())
            .put("before", change.before())
            .put("after", change.after());
      }
    }
    return root;
  }

  private static String error(SiteProbe probe, Recipe recipe) {
    return probe.recipes().stream()
        .filter(one -> one.error().recipe() == recipe)
        .map(one -> number(one.error().relativeFrobenius()))
        .findFirst()
        .orElseThrow();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.5f", value);
  }
}
