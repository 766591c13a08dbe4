package io.sextant.numerics.probe;

import io.sextant.schema.stats.LayerStatistics;
import io.sextant.schema.stats.Operand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The verdict of one site while a job runs: each snapshot updates it, and only the newest snapshot
 * of each operand is kept. After the last snapshot it is the verdict of {@link
 * SiteSnapshots#probe}.
 */
public final class FollowedSite {
  private static final String NONE = "none";

  private final KnownAlignments alignments;
  private final Hazards.Norm norm;
  private final double mostError;
  private final Map<String, State> stateOfRecipe = new HashMap<>();
  private LayerStatistics activations;
  private LayerStatistics weights;
  private SiteProbe probe;

  /**
   * @param alignments alignments of the sites with tensors
   * @param mostError relative Frobenius error above which a product is unsafe
   */
  public FollowedSite(KnownAlignments alignments, Hazards.Norm norm, double mostError) {
    this.alignments = alignments;
    this.norm = norm;
    this.mostError = mostError;
  }

  /** The verdict for a recipe, and the snapshots since which it holds. */
  private record State(
      String verdict, double error, LayerStatistics activations, LayerStatistics weights) {}

  /**
   * Adds a snapshot that has a step; steps do not decrease.
   *
   * @return the verdicts that changed; empty until both operands of a step are there
   */
  public List<VerdictChange> add(LayerStatistics snapshot) {
    if (snapshot.operand() == Operand.ACTIVATION) {
      activations = snapshot;
    } else {
      weights = snapshot;
    }
    if (activations == null || weights == null || !activations.step().equals(weights.step())) {
      return List.of();
    }
    SiteSnapshots both = SiteSnapshots.of(List.of(activations, weights));
    boolean judged = both.obstacle().isEmpty();
    if (judged) {
      probe = both.probe(alignments, norm);
    }
    List<VerdictChange> changes = new ArrayList<>();
    if (probe != null) {
      for (SiteProbe.OfRecipe recipe : probe.recipes()) {
        update(
            recipe.error().recipe().id(),
            judged ? (recipe.safe(mostError) ? "safe" : "unsafe") : NONE,
            judged ? recipe.afterNorm() : Double.NaN,
            changes);
      }
    }
    return changes;
  }

  private void update(String recipe, String verdict, double error, List<VerdictChange> changes) {
    State before = stateOfRecipe.get(recipe);
    if (before != null && before.verdict.equals(verdict)) {
      return;
    }
    stateOfRecipe.put(recipe, new State(verdict, error, activations, weights));
    if (before != null) {
      changes.add(
          new VerdictChange(
              activations.site(),
              recipe,
              before.activations.step(),
              activations.step(),
              before.verdict,
              verdict,
              before.error,
              error,
              drift(before.activations, activations),
              drift(before.weights, weights)));
    }
  }

  private static VerdictChange.Drift drift(LayerStatistics before, LayerStatistics after) {
    return new VerdictChange.Drift(
        Math.sqrt(after.secondMoment() / before.secondMoment()), after.absmax() / before.absmax());
  }

  /** The predictions for the newest snapshot that could be judged; null if there is none. */
  public SiteProbe probe() {
    return probe;
  }
}
