package io.sextant.placement.decision;

import io.sextant.schema.stats.Estimate;
import java.util.Arrays;
import java.util.SplittableRandom;
import smile.stat.distribution.GaussianDistribution;
import smile.stat.distribution.TDistribution;

/**
 * 95 % intervals of means over micro-batches, which are not independent: one follows on the other,
 * with its requests and its hour of the day.
 *
 * <p>Resamples are made of blocks of consecutive micro-batches (the circular block bootstrap,
 * Politis and Romano 1992; blocks wrap at the end so that every micro-batch is as likely). One
 * object uses the same blocks of time for everything it is asked, so that plans are compared on the
 * same requests and layers, which share them, move together. Percentiles are widened for few blocks
 * as Hesterberg (2015, section 4.2.4, "expanded percentile interval") proposes: by sqrt(b / (b -
 * 1)) and by Student's t of b - 1 degrees of freedom instead of the normal.
 */
public final class PairedBootstrap {
  /** Two blocks of two: below this there is no interval. */
  public static final int LEAST_MICRO_BATCHES = 4;

  private static final int RESAMPLES = 10_000;
  private static final double TAIL = 0.025;

  private final int microBatches;
  private final int blockLength;
  private final int blocks;
  private final int[][] starts;

  private PairedBootstrap(int microBatches, int blockLength, long seed) {
    this.microBatches = microBatches;
    this.blockLength = blockLength;
    this.blocks = blocks(microBatches);
    this.starts = new int[RESAMPLES][blocks];
    SplittableRandom random = new SplittableRandom(seed);
    for (int[] resample : starts) {
      for (int b = 0; b < blocks; b++) {
        resample[b] = random.nextInt(microBatches);
      }
    }
  }

  /**
   * @param microBatches consecutive micro-batches, at least two blocks of them
   * @throws IllegalArgumentException if there are fewer
   */
  public static PairedBootstrap over(int microBatches, long seed) {
    if (blocks(microBatches) < 2) {
      throw new IllegalArgumentException(
          "%d micro-batches are fewer than two blocks".formatted(microBatches));
    }
    return new PairedBootstrap(microBatches, blockLength(microBatches), seed);
  }

  /**
   * Micro-batches of a block: the cube root of all, the rate that is best for the variance of a
   * mean (Hall, Horowitz and Jing 1995), and at least two.
   */
  static int blockLength(int microBatches) {
    return (int) Math.max(2, Math.ceil(Math.cbrt(microBatches)));
  }

  /** Whole blocks that this many micro-batches make. */
  static int blocks(int microBatches) {
    return microBatches / blockLength(microBatches);
  }

  /**
   * @param series shape [microBatches]
   */
  public Estimate mean(double[] series) {
    return interval(mean(prefix(series), null), resampled(prefix(series), null));
  }

  /**
   * The mean of {@code a - b}, whose interval is narrower than those of the two if they rise and
   * fall together.
   */
  public Estimate difference(double[] a, double[] b) {
    double[] difference = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      difference[i] = a[i] - b[i];
    }
    return mean(difference);
  }

  /** By how much the mean of {@code candidate} is below that of {@code current}, as its share. */
  public Estimate relativeGain(double[] current, double[] candidate) {
    double[] before = prefix(current);
    double[] gained = new double[before.length];
    double[] after = prefix(candidate);
    for (int i = 0; i < gained.length; i++) {
      gained[i] = before[i] - after[i];
    }
    return interval(mean(gained, before), resampled(gained, before));
  }

  private double[] prefix(double[] series) {
    if (series.length != microBatches) {
      throw new IllegalArgumentException(
          "%d micro-batches instead of %d".formatted(series.length, microBatches));
    }
    double[] sums = new double[microBatches + blockLength + 1];
    for (int i = 0; i < sums.length - 1; i++) {
      sums[i + 1] = sums[i] + series[i % microBatches];
    }
    return sums;
  }

  private double mean(double[] sums, double[] divisor) {
    return sums[microBatches] / (divisor == null ? microBatches : divisor[microBatches]);
  }

  /** A mean, or the ratio of two means, of each resample. */
  private double[] resampled(double[] sums, double[] divisor) {
    double[] means = new double[RESAMPLES];
    for (int r = 0; r < RESAMPLES; r++) {
      double sum = 0;
      double by = 0;
      for (int start : starts[r]) {
        sum += sums[start + blockLength] - sums[start];
        if (divisor != null) {
          by += divisor[start + blockLength] - divisor[start];
        }
      }
      means[r] = sum / (divisor == null ? (double) blocks * blockLength : by);
    }
    return means;
  }

  private Estimate interval(double mean, double[] resampled) {
    Arrays.sort(resampled);
    double t = new TDistribution(blocks - 1).quantile(1 - TAIL);
    double tail =
        GaussianDistribution.getInstance().cdf(-t * Math.sqrt(blocks / (double) (blocks - 1)));
    int low = (int) Math.floor(tail * RESAMPLES);
    return new Estimate(mean, resampled[low], resampled[RESAMPLES - 1 - low]);
  }
}
