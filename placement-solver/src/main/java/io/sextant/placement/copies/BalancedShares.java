package io.sextant.placement.copies;

import java.util.Arrays;

/**
 * How many rows each copy must compute so that the busiest GPU has as few as possible: the linear
 * program of DeepSeek's LPLB and of SGLang's {@code lp}, and the bound that no choice of copies can
 * beat. It is a flow problem in which each expert's rows are divided over the GPUs of its copies.
 *
 * <p>One expert after another is poured over its GPUs up to a common level (water-filling). This
 * minimises the sum of squares of the GPUs' rows one block of variables at a time, which converges
 * because the sum is convex and the blocks are separable; the loads with the least sum of squares
 * also have the least maximum (Fujishige, "Lexicographically optimal base of a polymatroid", 1980).
 */
public final class BalancedShares {
  private final CopyTable copies;
  private final double settledRows;
  private final int mostSweeps;

  /** Shape [experts + 1]: the GPUs of expert e are {@code gpu[start[e]..start[e + 1])}. */
  private final int[] start;

  private final int[] gpu;

  /** The copies of the expert on each of its GPUs. */
  private final int[] copiesOnGpu;

  /** The rows of the expert on each of its GPUs. */
  private final double[] rowsOnGpu;

  private final double[] rows;
  private final double[] load;
  private final double[] other;
  private final double[] sorted;

  private BalancedShares(CopyTable copies, int slotsPerGpu, double settledRows, int mostSweeps) {
    this.copies = copies;
    this.settledRows = settledRows;
    this.mostSweeps = mostSweeps;
    int slots = copies.slot().length;
    this.start = new int[copies.experts() + 1];
    this.gpu = new int[slots];
    this.copiesOnGpu = new int[slots];
    int n = 0;
    for (int e = 0; e < copies.experts(); e++) {
      start[e] = n;
      for (int i = copies.start()[e]; i < copies.start()[e + 1]; i++) {
        int on = copies.slot()[i] / slotsPerGpu;
        if (n == start[e] || gpu[n - 1] != on) {
          gpu[n++] = on;
        }
        copiesOnGpu[n - 1]++;
      }
    }
    start[copies.experts()] = n;
    this.rowsOnGpu = new double[n];
    this.rows = new double[slots];
    this.load = new double[1 + Arrays.stream(copies.slot()).max().orElse(0) / slotsPerGpu];
    this.other = new double[n];
    this.sorted = new double[n];
  }

  /**
   * Shares to choose copies by. They are final when a sweep moves less than half a row, because
   * rows are whole.
   *
   * @param slotsPerGpu slots of a GPU; slot p is on GPU p / slotsPerGpu
   */
  public static BalancedShares toChooseBy(CopyTable copies, int slotsPerGpu) {
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
    return balance(count, new double[copies.slot().length]);
  }

  /**
   * As {@link #balance(int[])}, with fewer sweeps if it starts near the best split.
   *
   * @param near shape [slots]: rows of each slot, of which only the ratios among the copies of an
   *     expert matter; all 0 for even shares
   */
  public double balance(int[] count, double[] near) {
    Arrays.fill(load, 0);
    for (int e = 0; e < count.length; e++) {
      int copy = copies.start()[e];
      double sum = 0;
      for (int i = copy; i < copies.start()[e + 1]; i++) {
        sum += near[copies.slot()[i]];
      }
      double even = count[e] / (double) copies.copies(e);
      for (int i = start[e]; i < start[e + 1]; i++) {
        rowsOnGpu[i] = 0;
        for (int j = 0; j < copiesOnGpu[i]; j++, copy++) {
          rowsOnGpu[i] += sum == 0 ? even : near[copies.slot()[copy]] / sum * count[e];
        }
        load[gpu[i]] += rowsOnGpu[i];
      }
    }
    return settle(count);
  }

  private double settle(int[] count) {
    int sweeps = 1;
    while (sweep(count) >= settledRows && sweeps < mostSweeps) {
      sweeps++;
    }
    double most = 0;
    for (double rowsOfGpu : load) {
      most = Math.max(most, rowsOfGpu);
    }
    return most;
  }

  /**
   * Shape [slots], in the order of the copies: the rows of each, as {@link #balance} left them.
   * Copies on one GPU have the same.
   */
  public double[] rows() {
    for (int i = 0, copy = 0; i < rowsOnGpu.length; i++) {
      for (int j = 0; j < copiesOnGpu[i]; j++) {
        rows[copy++] = rowsOnGpu[i] / copiesOnGpu[i];
      }
    }
    return rows;
  }

  /** Rows of a GPU, as {@link #balance} left them. */
  public double rowsOfGpu(int which) {
    return load[which];
  }

  private double sweep(int[] count) {
    double moved = 0;
    for (int e = 0; e < count.length; e++) {
      int n = start[e + 1] - start[e];
      if (n > 1 && count[e] > 0) {
        moved += pour(count[e], start[e], n);
      }
    }
    return moved;
  }

  /** Divides one expert's rows over its GPUs, with the other experts' rows as they are. */
  private double pour(int count, int from, int n) {
    for (int j = 0; j < n; j++) {
      other[j] = load[gpu[from + j]] - rowsOnGpu[from + j];
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
      moved += Math.abs(poured - rowsOnGpu[from + j]);
      load[gpu[from + j]] += poured - rowsOnGpu[from + j];
      rowsOnGpu[from + j] = poured;
    }
    return moved;
  }
}
