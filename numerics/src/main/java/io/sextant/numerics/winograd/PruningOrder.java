package io.sextant.numerics.winograd;

/** The steps that prune a layer, the least harmful first. */
interface PruningOrder {
  /** Number of steps. */
  int steps();

  /**
   * The weights after the given number of first steps.
   *
   * @param steps number of steps, from 0, which prunes nothing, to {@link #steps()}
   */
  WinogradWeights after(int steps);
}
