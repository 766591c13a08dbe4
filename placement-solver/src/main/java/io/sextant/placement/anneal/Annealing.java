package io.sextant.placement.anneal;

import java.util.SplittableRandom;

/** One run of simulated annealing: proposals, acceptance, cooling and the best state so far. */
public final class Annealing {
  private final long proposals;
  private final int lastAtATemperature;
  private final double cooling;
  private final SplittableRandom random;
  private double temperature;

  /** Cools after every proposal. */
  public Annealing(AnnealingStage stage, long proposals, long seed) {
    this(stage, proposals, 1, seed);
  }

  /**
   * @param stage the first and the last temperature, in the unit of the energy
   * @param proposals how many are made
   * @param perTemperature proposals per temperature, a power of two
   * @param seed the root of every random choice
   */
  public Annealing(AnnealingStage stage, long proposals, int perTemperature, long seed) {
    if (Integer.bitCount(perTemperature) != 1) {
      throw new IllegalArgumentException(
          "Proposals per temperature (%d) must be a power of two".formatted(perTemperature));
    }
    this.proposals = proposals;
    this.lastAtATemperature = perTemperature - 1;
    this.cooling =
        Math.pow(stage.cold() / stage.hot(), 1.0 / Math.max(1, proposals / perTemperature));
    this.random = new SplittableRandom(seed);
    this.temperature = stage.hot();
  }

  /** Makes the proposals. The state is then where the last one left it; it has kept its best. */
  public void run(Annealed state) {
    double leastGain = state.leastGain();
    double best = state.energy();
    state.keep();
    for (long next = 1; next <= proposals; next++) {
      if (state.propose(this)) {
        double energy = state.energy();
        if (energy < best - leastGain) {
          best = energy;
          state.keep();
        }
      }
      if ((next & lastAtATemperature) == lastAtATemperature) {
        temperature *= cooling;
      }
    }
  }

  /** The stream of random choices; proposals draw from nothing else. */
  public SplittableRandom random() {
    return random;
  }

  /** Draws the largest change of the energy that the current proposal may bring. */
  public double threshold() {
    return -temperature * Math.log(1 - random.nextDouble());
  }
}
