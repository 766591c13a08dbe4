package io.sextant.placement.anneal;

/** A state that {@link Annealing} changes proposal by proposal, and that remembers its best. */
public interface Annealed {

  /**
   * Makes one proposal, and accepts it if its change of the energy is at most {@link
   * Annealing#threshold()}. A proposal that turns out to be impossible is not accepted; it counts
   * all the same.
   *
   * @param annealing the source of random choices and of the threshold, which is drawn at most once
   *     per proposal
   * @return whether the state changed
   */
  boolean propose(Annealing annealing);

  /** What is minimised, of the current state; only differences matter. */
  double energy();

  /** Remembers the current state, which has the least energy so far. */
  void keep();

  /** The least fall of the energy that is more than a rounding error. */
  default double leastGain() {
    return 1e-12;
  }
}
