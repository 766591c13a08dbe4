package io.sextant.numerics.probe;

import io.sextant.schema.stats.LayerStatistics;
import io.sextant.schema.stats.Operand;
import io.sextant.schema.tensor.FloatMatrix;
import java.util.Arrays;

/** Calculates the statistics of a real matrix, with the learned distribution of its columns. */
public final class MatrixStatistics {
  private static final int BATCH = 128;
  private static final int GROUP = 4;

  private MatrixStatistics() {}

  /** The statistics of a matrix whose step is not known. */
  public static LayerStatistics of(String site, Operand operand, FloatMatrix matrix) {
    float[] values = matrix.values();
    int rows = matrix.rows();
    int columns = matrix.columns();
    double mean = 0;
    for (float value : values) {
      mean += value;
    }
    mean /= values.length;
    double second = 0;
    double fourth = 0;
    long zeros = 0;
    long[] exponents = new long[LayerStatistics.EXPONENT_BINS];
    float[] magnitudes = new float[values.length];
    float[] ofColumn = new float[columns];
    float[] ofRow = new float[rows];
    for (int i = 0; i < values.length; i++) {
      double square = (values[i] - mean) * (values[i] - mean);
      second += square;
      fourth += square * square;
      float magnitude = Math.abs(values[i]);
      magnitudes[i] = magnitude;
      ofColumn[i % columns] = Math.max(ofColumn[i % columns], magnitude);
      ofRow[i / columns] = Math.max(ofRow[i / columns], magnitude);
      if (magnitude == 0) {
        zeros++;
      }
      int bin = Math.getExponent(magnitude) - LayerStatistics.FIRST_EXPONENT;
      exponents[Math.max(0, Math.min(exponents.length - 1, bin))]++;
    }
    double variance = second / values.length;
    double[] sparsity = fourByTwo(values, rows, columns);
    Arrays.sort(magnitudes);
    Arrays.sort(ofColumn);
    Arrays.sort(ofRow);
    ColumnMoments moments = new ColumnMoments(columns);
    for (int row = 0; row < rows; row += BATCH) {
      moments.add(values, row, Math.min(rows, row + BATCH));
    }
    return new LayerStatistics(
        null,
        site,
        operand,
        rows,
        columns,
        mean,
        Math.sqrt(variance),
        magnitudes[magnitudes.length - 1],
        variance == 0 ? 0 : fourth / values.length / (variance * variance),
        quantile(magnitudes, 0.5),
        quantile(magnitudes, 0.9),
        quantile(magnitudes, 0.99),
        quantile(magnitudes, 0.999),
        (double) zeros / values.length,
        sparsity[0],
        sparsity[1],
        ofColumn[columns - 1],
        quantile(ofColumn, 0.5),
        quantile(ofRow, 0.5),
        exponents,
        null,
        null,
        null,
        moments.means(),
        moments.covariance());
  }

  /**
   * Share of groups with at most two non-zero values; share of the energy that two of four values
   * keep.
   */
  private static double[] fourByTwo(float[] values, int rows, int columns) {
    long groups = 0;
    long fitting = 0;
    double kept = 0;
    double all = 0;
    float[] group = new float[GROUP];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column + GROUP <= columns; column += GROUP) {
        int others = 0;
        for (int i = 0; i < GROUP; i++) {
          group[i] = Math.abs(values[row * columns + column + i]);
          others += group[i] == 0 ? 0 : 1;
          all += (double) group[i] * group[i];
        }
        Arrays.sort(group);
        kept += (double) group[2] * group[2] + (double) group[3] * group[3];
        fitting += others <= 2 ? 1 : 0;
        groups++;
      }
    }
    return groups == 0 || all == 0
        ? new double[] {0, 0}
        : new double[] {(double) fitting / groups, kept / all};
  }

  private static double quantile(float[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(sorted.length - 1, below + 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
