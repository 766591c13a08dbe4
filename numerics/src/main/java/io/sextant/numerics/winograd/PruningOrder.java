package io.sextant.numerics.winograd;

/** Steps of pruning a layer, the least harmful first. */
interface PruningOrder {
  /** How many there are. */
  int steps();

  /**
   * The weights after the first steps.
   *
   * @param steps from 0, which prunes nothing, to {@link #steps()}
   */
  WinogradWeights after(int steps);
}
