package io.sextant.jobs.report;

import io.sextant.jobs.report.ReportData.Span;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.sql.Row;

/** Figures as the page takes them: rounded, null where there is none. */
final class Figures {
  private static final int DECIMALS = 5;

  private Figures() {}

  /** Rounded to five decimals; null stays null, and NaN and infinities become null. */
  static Double rounded(Double figure) {
    if (figure == null || figure.isNaN() || figure.isInfinite()) {
      return null;
    }
    return BigDecimal.valueOf(figure).setScale(DECIMALS, RoundingMode.HALF_EVEN).doubleValue();
  }

  /** The columns {@code figure_low} and {@code figure_high}; null where there is no interval. */
  static Span span(Row row, String figure) {
    Double low = rounded(row.getAs(figure + "_low"));
    Double high = rounded(row.getAs(figure + "_high"));
    return low == null || high == null ? null : new Span(low, high);
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
