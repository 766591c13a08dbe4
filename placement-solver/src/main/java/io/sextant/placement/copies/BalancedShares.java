package io.sextant.placement.copies;

import java.util.Arrays;

/**
 * How many rows each copy must compute so that the busiest GPU has as few as possible: the linear
 * program of DeepSeek's LPLB and of SGLang's {@code lp}, and the bound that no choice of copies can
 * beat. It is a flow problem in which each expert's rows are divided over the GPUs of its copies.
 *
 * <p>One expert after another is poured over its copies up to a common level (water-filling). This
 * minimises the sum of squares of the GPUs' rows one block of variables at a time, which converges
 * because the sum is convex and the blocks are separable; the loads with the least sum of squares
 * also have the least maximum.
 */
public final class BalancedShares {
  private final double settledRows;
  private final int mostSweeps;
  private final CopyTable copies;
  private final int[] gpuOfCopy;
  private final double[] load;
  private final double[] rows;
  private final double[] other;
  private final double[] sorted;

  private BalancedShares(CopyTable copies, int slotsPerGpu, double settledRows, int mostSweeps) {
    this.settledRows = settledRows;
    this.mostSweeps = mostSweeps;
    this.copies = copies;
    int slots = copies.slot().length;
    this.gpuOfCopy = new int[slots];
    for (int i = 0; i < slots; i++) {
      gpuOfCopy[i] = copies.slot()[i] / slotsPerGpu;
    }
    this.load = new double[slots / slotsPerGpu];
    this.rows = new double[slots];
    this.other = new double[slots];
    this.sorted = new double[slots];
  }

  /**
   * Shares to choose copies by. They are final when a sweep moves less than half a row, because
   * rows are whole.
   *
   * @param slotsPerGpu slots of a GPU; slot p is on GPU p / slotsPerGpu
   */
  static BalancedShares toChooseBy(CopyTable copies, int slotsPerGpu) {
    return new BalancedShares(copies, slotsPerGpu, 0.5, 60);
  }

  /** Like {@link #toChooseBy}, to a hundredth of a row, for the bound. */
  public static BalancedShares forBound(CopyTable copies, int slotsPerGpu) {
    return new BalancedShares(copies, slotsPerGpu, 0.01, 2000);
  }

  /**
   * Divides the rows of every expert.
   *
   * @param count shape [experts]: rows of each expert
   * @return the rows of the busiest GPU, a fraction if rows have to be divided
   */
  public double balance(int[] count) {
    Arrays.fill(load, 0);
    for (int e = 0; e < count.length; e++) {
      double share = count[e] / (double) copies.copies(e);
      for (int i = copies.start()[e]; i < copies.start()[e + 1]; i++) {
        rows[i] = share;
        load[gpuOfCopy[i]] += share;
      }
    }
    int sweeps = 1;
    while (sweep(count) >= settledRows && sweeps < mostSweeps) {
      sweeps++;
    }
    double most = 0;
    for (double gpu : load) {
      most = Math.max(most, gpu);
    }
    return most;
  }

  /** Shape [slots], in the order of the copies: the rows of each, as {@link #balance} left them. */
  public double[] rows() {
    return rows;
  }

  private double sweep(int[] count) {
    double moved = 0;
    for (int e = 0; e < count.length; e++) {
      int from = copies.start()[e];
      int n = copies.start()[e + 1] - from;
      if (n > 1 && count[e] > 0) {
        moved += pour(count[e], from, n);
      }
    }
    return moved;
  }

  /** Divides one expert's rows over its copies, with the other experts' rows as they are. */
  private double pour(int count, int from, int n) {
    for (int j = 0; j < n; j++) {
      other[j] = load[gpuOfCopy[from + j]] - rows[from + j];
      int at = j;
      for (; at > 0 && sorted[at - 1] > other[j]; at--) {
        sorted[at] = sorted[at - 1];
      }
      sorted[at] = other[j];
    }
    double level = 0;
    double sum = 0;
    for (int j = 0; j < n; j++) {
      sum += sorted[j];
      level = (count + sum) / (j + 1);
      if (j + 1 == n || level <= sorted[j + 1]) {
        break;
      }
    }
    double moved = 0;
    for (int j = 0; j < n; j++) {
      double poured = Math.max(0, level - other[j]);
      moved += Math.abs(poured - rows[from + j]);
      load[gpuOfCopy[from + j]] += poured - rows[from + j];
      rows[from + j] = poured;
    }
    return moved;
  }
}
