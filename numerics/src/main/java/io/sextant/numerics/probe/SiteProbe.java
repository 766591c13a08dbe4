package io.sextant.numerics.probe;

import io.sextant.numerics.gemm.Recipe;
import io.sextant.schema.stats.LayerStatistics;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The predictions for one product from its statistics.
 *
 * @param alignmentOf site whose tensors gave the alignment; null if none is known
 * @param recipes predictions of every recipe that is not plain BF16
 * @param hazards reasons against FP8 for this product
 * @param sparse24 fit of the activations to a 2:4 operand
 * @param outputs number of rows of activations times number of rows of weights
 */
public record SiteProbe(
    String site,
    Long step,
    String alignmentOf,
    List<OfRecipe> recipes,
    List<Hazard> hazards,
    Sparse24Fit sparse24,
    long outputs)
    implements Serializable {

  /**
   * The prediction for one recipe.
   *
   * @param error error of the product
   * @param afterNorm relative error after the norm that follows the product
   * @param afterMods the same with the adaptations for the hazards found; null without hazards, and
   *     for 2:4 operands, which the adaptations do not address
   * @param sparse24 loss of keeping two of four activations; null if all are kept
   */
  public record OfRecipe(
      PredictedError error, double afterNorm, Double afterMods, Sparse24Fit sparse24)
      implements Serializable {
    /**
     * Whether the product stays within an error. A 2:4 operand must also lose less than FP8 would
     * add as noise; otherwise FP8 is the better way to be faster.
     */
    public boolean safe(double mostError) {
      return afterNorm <= mostError && (sparse24 == null || sparse24.belowFp8Noise());
    }

    /** The reason for the verdict, in words. */
    public String reason(double mostError) {
      String error =
          String.format(
              Locale.ROOT,
              "error %.4f is %s %.4f",
              afterNorm,
              afterNorm <= mostError ? "within" : "over",
              mostError);
      return sparse24 == null ? error : sparse24.text() + "; " + error;
    }
  }

  /** Predicts for a product; the alignment may be from another site, or NaN. */
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
    Sparse24Fit fit = Sparse24Fit.of(activations);
    List<OfRecipe> recipes = new ArrayList<>();
    for (Recipe recipe : Recipe.values()) {
      if (recipe.approximate()) {
        PredictedError error = PredictedError.of(recipe, activations, weights, alignment);
        Double after =
            hazards.isEmpty() || recipe.sparse24()
                ? null
                : PredictedError.of(recipe, adapted, weights, alignment, ratio).relativeFrobenius()
                    * (adaptations.contains(Hazard.Adaptation.BLOCK_NORM) ? 1 : growth);
        recipes.add(
            new OfRecipe(
                error, error.relativeFrobenius() * growth, after, recipe.sparse24() ? fit : null));
      }
    }
    return new SiteProbe(
        activations.site(),
        activations.step(),
        alignmentOf,
        recipes,
        hazards,
        fit,
        (long) activations.rows() * weights.rows());
  }

  /** The adaptations for the hazards found. */
  public Set<Hazard.Adaptation> adaptations() {
    return adaptations(hazards);
  }

  private static Set<Hazard.Adaptation> adaptations(List<Hazard> hazards) {
    Set<Hazard.Adaptation> adaptations = EnumSet.noneOf(Hazard.Adaptation.class);
    hazards.forEach(hazard -> adaptations.add(hazard.kind().adaptation()));
    return adaptations;
  }
}
