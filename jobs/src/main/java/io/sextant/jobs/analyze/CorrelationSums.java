package io.sextant.jobs.analyze;

import java.io.Serializable;

/**
 * Correlations of prefill with decode, summed. Each is rounded to 1e-9 and summed as an integer, so
 * that the sums do not depend on the order of their terms; there is room for nine thousand million.
 */
final class CorrelationSums implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final double UNITS = 1e9;

  private long n;
  private long pearson;
  private long pearsonSquares;
  private long spearman;
  private long spearmanSquares;
  private boolean anyPrefill;
  private boolean anyDecode;

  /**
   * Adds the correlation of two vectors; where one of them is constant there is none to add.
   *
   * @param prefill counts by expert
   * @param decode counts by expert
   */
  void add(double[] prefill, double[] decode) {
    boolean hasPrefill = any(prefill);
    boolean hasDecode = any(decode);
    anyPrefill |= hasPrefill;
    anyDecode |= hasDecode;
    if (!hasPrefill || !hasDecode || !Correlation.varies(prefill) || !Correlation.varies(decode)) {
      return;
    }
    Correlation correlation = Correlation.of(prefill, decode);
    n++;
    pearson += units(correlation.pearson());
    pearsonSquares += units(correlation.pearson() * correlation.pearson());
    spearman += units(correlation.spearman());
    spearmanSquares += units(correlation.spearman() * correlation.spearman());
  }

  CorrelationSums add(CorrelationSums other) {
    n += other.n;
    pearson += other.pearson;
    pearsonSquares += other.pearsonSquares;
    spearman += other.spearman;
    spearmanSquares += other.spearmanSquares;
    anyPrefill |= other.anyPrefill;
    anyDecode |= other.anyDecode;
    return this;
  }

  private static boolean any(double[] counts) {
    for (double count : counts) {
      if (count != 0) {
        return true;
      }
    }
    return false;
  }

  private static long units(double value) {
    return Math.round(value * UNITS);
  }

  /** Correlations summed. */
  long n() {
    return n;
  }

  /** The means; null where there is no correlation. */
  Correlation mean() {
    return n == 0 ? null : new Correlation(pearson / UNITS / n, spearman / UNITS / n);
  }

  /** Interval of the mean Pearson correlation; null for fewer than two. */
  Interval pearsonInterval() {
    return interval(pearson, pearsonSquares);
  }

  /** Interval of the mean Spearman correlation; null for fewer than two. */
  Interval spearmanInterval() {
    return interval(spearman, spearmanSquares);
  }

  private Interval interval(long sum, long squares) {
    if (n < 2) {
      return null;
    }
    double mean = sum / UNITS / n;
    double variance = (squares / UNITS - n * mean * mean) / (n - 1);
    return Interval.ofMean(mean, Math.max(0, variance), n);
  }

  /** Why there is no mean; null where there is one. */
  String note() {
    if (n > 0) {
      return null;
    }
    if (!anyPrefill) {
      return "not available: no prefill rows";
    }
    if (!anyDecode) {
      return "not available: no decode rows";
    }
    return "not available: nothing has both prefill and decode rows that differ by expert";
  }
}
