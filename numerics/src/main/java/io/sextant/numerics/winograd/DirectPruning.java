package io.sextant.numerics.winograd;

/** Prunes single weights in the Winograd domain, by importance. */
final class DirectPruning implements PruningOrder {
  private final WinogradWeights weights;
  private final int[] order;

  /**
   * @param weights initial weights; weights that are already 0 are pruned first
   * @param tiles inputs that determine the importance of a weight
   */
  DirectPruning(WinogradWeights weights, InputTiles tiles) {
    this.weights = weights;
    order = Importance.ascending(Importance.of(weights, tiles));
  }

  @Override
  public int steps() {
    return order.length;
  }

  @Override
  public WinogradWeights after(int steps) {
    double[] values = weights.values().clone();
    for (int i = 0; i < steps; i++) {
      values[order[i]] = 0;
    }
    return new WinogradWeights(weights.tile(), weights.out(), weights.in(), values);
  }
}
