package io.sextant.placement.cost;

import io.sextant.schema.spec.ExpertTimeTable;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Times that were measured on a GPU whose rows are spread evenly over its experts, interpolated
 * linearly between the measured points and extrapolated beyond the last. Below the first point its
 * time is used, because a launch takes as long for one row.
 *
 * <p>Real experts have unequal rows. A grouped kernel works on a few experts at a time, so an
 * expert with few rows waits for its weights, and one with many rows can make up for it only while
 * both run. The time of n experts is therefore a weighted mean of two times. One, with the weight
 * {@link #AT_ONCE} / n, is that of n experts with the mean number of rows. The other is a sum over
 * the experts: an n-th of the time that n experts with the rows of that expert would take.
 */
public final class MeasuredWork implements ExpertWork {
  private static final long serialVersionUID = 1L;

  /**
   * Number of experts that run at the same time: gate and up of DeepSeek-V3 has 32 tiles of 128
   * outputs per expert, and an H200 has 132 multiprocessors.
   */
  private static final int AT_ONCE = 4;

  /** Times of experts with fewer rows than this are kept, in GPUs with fewer experts than that. */
  private static final int KEPT_ROWS = 512;

  private static final int KEPT_EXPERTS = 1024;

  private final int[] rows;
  private final int[] experts;
  private final double[][] micros;

  /** By number of experts, the times of an expert by number of rows; filled as they are needed. */
  private final AtomicReferenceArray<double[]> kept = new AtomicReferenceArray<>(KEPT_EXPERTS);

  /** Takes the points of a table. */
  public MeasuredWork(ExpertTimeTable table) {
    rows = table.rows();
    experts = table.experts();
    micros = table.micros();
  }

  @Override
  public double micros(long[] rowsOfSlot, int from, int until) {
    int active = 0;
    long rowCount = 0;
    for (int slot = from; slot < until; slot++) {
      rowCount += rowsOfSlot[slot];
      active += rowsOfSlot[slot] > 0 ? 1 : 0;
    }
    if (active == 0) {
      return 0;
    }
    double together = even(rowCount, active);
    if (active <= AT_ONCE) {
      return together;
    }
    double atOnce = (double) AT_ONCE / active;
    return atOnce * together + (1 - atOnce) * oneByOne(rowsOfSlot, from, until, active);
  }

  private double oneByOne(long[] rowsOfSlot, int from, int until, int active) {
    double[] byRows = active < KEPT_EXPERTS ? byRows(active) : new double[0];
    double sum = 0;
    for (int slot = from; slot < until; slot++) {
      long count = rowsOfSlot[slot];
      if (count < byRows.length) {
        sum += byRows[(int) count];
      } else if (count > 0) {
        sum += share(count, active);
      }
    }
    return sum;
  }

  private double[] byRows(int active) {
    double[] times = kept.get(active);
    if (times == null) {
      times = new double[KEPT_ROWS];
      for (int count = 1; count < KEPT_ROWS; count++) {
        times[count] = share(count, active);
      }
      kept.set(active, times);
    }
    return times;
  }

  /** The part of one of several experts that all have as many rows. */
  private double share(long count, int active) {
    return even(count * active, active) / active;
  }

  private double even(long rowCount, int expertCount) {
    int row = segment(rows, rowCount);
    double alongRows = place(rows, row, rowCount);
    int expert = segment(experts, expertCount);
    double alongExperts = place(experts, expert, expertCount);
    double fewer = between(micros[expert], row, alongRows);
    double more = between(micros[expert + 1], row, alongRows);
    return fewer + alongExperts * (more - fewer);
  }

  /** The number of the point that a segment starts at: the one around the value, or nearest it. */
  private static int segment(int[] axis, long value) {
    int key = (int) Math.min(value, Integer.MAX_VALUE);
    int found = Arrays.binarySearch(axis, key);
    int after = found >= 0 ? found : -found - 2;
    return Math.max(0, Math.min(axis.length - 2, after));
  }

  /**
   * The position of the value in its segment: 0 at its start, 1 at its end, more beyond the last.
   */
  private static double place(int[] axis, int segment, long value) {
    double start = axis[segment];
    return Math.max(0, (value - start) / (axis[segment + 1] - start));
  }

  private static double between(double[] values, int segment, double place) {
    return values[segment] + place * (values[segment + 1] - values[segment]);
  }
}
