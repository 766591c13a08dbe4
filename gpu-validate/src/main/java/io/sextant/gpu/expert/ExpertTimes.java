package io.sextant.gpu.expert;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Time of a GPU's expert work as a function of its rows and the number of experts that have rows,
 * for the cost model of {@code conf/clusters}. The rows are spread almost evenly over the experts:
 * the cost model works out what unequal rows cost. Each figure is the mean over several splits,
 * because the time is a step function of the number of tiles of a split.
 */
public final class ExpertTimes {
  private static final int SPLITS = 12;
  private static final double SKEW = 0.05;

  private final Replay replay;
  private final int slots;

  /**
   * @param slots number of experts that the GPU holds
   */
  public ExpertTimes(Replay replay, int slots) {
    this.replay = replay;
    this.slots = slots;
  }

  /** Microseconds for this many rows over this many experts. */
  public double micros(int rows, int experts) {
    Random random = new Random(31L * rows + experts);
    List<int[]> splits = new ArrayList<>();
    for (int i = 0; i < SPLITS; i++) {
      splits.add(split(rows, experts, random));
    }
    double sum = 0;
    for (double micros : replay.micros(splits)) {
      sum += micros;
    }
    return sum / SPLITS;
  }

  /**
   * A split with log-normal sizes that differ by about a twentieth; every expert has at least one
   * row.
   */
  private int[] split(int rows, int experts, Random random) {
    double[] sizes = new double[experts];
    double sum = 0;
    for (int i = 0; i < experts; i++) {
      sizes[i] = Math.exp(SKEW * random.nextGaussian());
      sum += sizes[i];
    }
    int[] tokens = new int[slots];
    int left = rows - experts;
    for (int i = 0; i < experts; i++) {
      int extra = i == experts - 1 ? left : (int) Math.min(left, (rows - experts) * sizes[i] / sum);
      tokens[i] = 1 + extra;
      left -= extra;
    }
    return tokens;
  }
}
