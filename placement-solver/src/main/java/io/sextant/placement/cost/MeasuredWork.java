package io.sextant.placement.cost;

import io.sextant.schema.spec.ExpertTimeTable;
import java.util.Arrays;

/**
 * Times that were measured on a GPU, interpolated linearly between the measured points and
 * extrapolated beyond the last. Below the first point its time is used, because a launch takes as
 * long for one row.
 */
public final class MeasuredWork implements ExpertWork {
  private static final long serialVersionUID = 1L;

  private final int[] rows;
  private final int[] experts;
  private final double[][] micros;

  /** Takes the points of a table. */
  public MeasuredWork(ExpertTimeTable table) {
    rows = table.rows();
    experts = table.experts();
    micros = table.micros();
  }

  @Override
  public double micros(long rowCount, int expertCount) {
    if (rowCount == 0) {
      return 0;
    }
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
