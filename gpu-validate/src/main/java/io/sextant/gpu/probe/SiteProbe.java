package io.sextant.gpu.probe;

import io.sextant.gpu.numerics.Recipe;
import io.sextant.schema.stats.LayerStatistics;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What is predicted of one product from its statistics.
 *
 * @param alignmentOf site whose tensors the alignment is from; null where none is known
 * @param recipes of every recipe in FP8
 * @param hazards what speaks against FP8 here
 * @param outputs rows of activations times rows of weights
 */
public record SiteProbe(
    String site,
    Long step,
    String alignmentOf,
    List<OfRecipe> recipes,
    List<Hazard> hazards,
    long outputs)
    implements Serializable {

  /**
   * One recipe.
   *
   * @param error of the product
   * @param afterNorm the relative error that is left after the norm which follows
   * @param afterMods the same with the adaptations that the hazards call for; null where there is
   *     no hazard
   */
  public record OfRecipe(PredictedError error, double afterNorm, Double afterMods)
      implements Serializable {
    /** Whether the product keeps to an error. */
    public boolean safe(double mostError) {
      return afterNorm <= mostError;
    }
  }

  /** Probes a product; the alignment may be that of another site, or NaN. */
  public static SiteProbe of(
      LayerStatistics activations,
      LayerStatistics weights,
      double alignment,
      String alignmentOf,
      Hazards.Norm norm) {
    List<Hazard> hazards = Hazards.of(activations, weights, norm);
    Set<Hazard.Adaptation> adaptations = adaptations(hazards);
    double growth = Hazards.growthByNorm(weights, norm);
    LayerStatistics adapted =
        adaptations.contains(Hazard.Adaptation.BLOCK_NORM)
            ? Adaptations.blockNormed(activations)
            : activations;
    double ratio = Adaptations.noiseRatio(adaptations);
    List<OfRecipe> recipes = new ArrayList<>();
    for (Recipe recipe : Recipe.values()) {
      if (recipe.fp8()) {
        PredictedError error = PredictedError.of(recipe, activations, weights, alignment);
        Double after =
            hazards.isEmpty()
                ? null
                : PredictedError.of(recipe, adapted, weights, alignment, ratio).relativeFrobenius()
                    * (adaptations.contains(Hazard.Adaptation.BLOCK_NORM) ? 1 : growth);
        recipes.add(new OfRecipe(error, error.relativeFrobenius() * growth, after));
      }
    }
    return new SiteProbe(
        activations.site(),
        activations.step(),
        alignmentOf,
        recipes,
        hazards,
        (long) activations.rows() * weights.rows());
  }

  /** What the hazards call for. */
  public Set<Hazard.Adaptation> adaptations() {
    return adaptations(hazards);
  }

  private static Set<Hazard.Adaptation> adaptations(List<Hazard> hazards) {
    Set<Hazard.Adaptation> adaptations = EnumSet.noneOf(Hazard.Adaptation.class);
    hazards.forEach(hazard -> adaptations.add(hazard.kind().adaptation()));
    return adaptations;
  }
}
