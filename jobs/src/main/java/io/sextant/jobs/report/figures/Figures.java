package io.sextant.jobs.report.figures;

import io.sextant.schema.stats.Estimate;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Figures in the form that the page uses: rounded, null if there is none. */
public final class Figures {
  private static final int DECIMALS = 5;

  private Figures() {}

  /** Rounded to five decimals; null stays null, and NaN and infinities become null. */
  public static Double rounded(Double figure) {
    if (figure == null || figure.isNaN() || figure.isInfinite()) {
      return null;
    }
    return BigDecimal.valueOf(figure).setScale(DECIMALS, RoundingMode.HALF_EVEN).doubleValue();
  }

  /** A figure with its interval, rounded; null if there is no interval. */
  static Estimate interval(Double value, Double low, Double high) {
    Double roundedLow = rounded(low);
    Double roundedHigh = rounded(high);
    return roundedLow == null || roundedHigh == null
        ? null
        : new Estimate(rounded(value), roundedLow, roundedHigh);
  }

  /** A list of n nulls that can be set. */
  static <T> List<T> blanks(int n) {
    return new ArrayList<>(Collections.nCopies(n, null));
  }

  /** An n x n matrix of nulls with the diagonal given. */
  static List<List<Double>> matrix(int n, double diagonal) {
    List<List<Double>> matrix = new ArrayList<>(n);
    for (int i = 0; i < n; i++) {
      List<Double> row = blanks(n);
      row.set(i, diagonal);
      matrix.add(row);
    }
    return matrix;
  }

  /** Sets [a][b] and [b][a]. */
  static void setBoth(List<List<Double>> matrix, int a, int b, Double figure) {
    matrix.get(a).set(b, figure);
    matrix.get(b).set(a, figure);
  }
}
