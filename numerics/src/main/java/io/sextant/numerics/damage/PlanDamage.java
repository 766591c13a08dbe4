package io.sextant.numerics.damage;

import io.sextant.numerics.pruning.LayerChain;
import java.util.List;

/** The damage of a plan in the windows that its outcome is scored on. */
public final class PlanDamage {
  private final List<LayerLosses> layers;

  /**
   * @param layers losses of the layers at all widths of the plans
   */
  public PlanDamage(List<LayerLosses> layers) {
    this.layers = layers;
  }

  /** The sum over the layers, averaged over the scored windows. */
  double of(PruningOutcome outcome) {
    double damage = 0;
    for (LayerLosses layer : layers) {
      int kept =
          LayerChain.kept(outcome.densities().get(layer.trace().layer()), layer.trace().neurons());
      damage += layer.damage(outcome.scoredFrom(), outcome.lossByWindow().length, kept);
    }
    return damage;
  }
}
