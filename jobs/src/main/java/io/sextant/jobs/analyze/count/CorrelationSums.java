package io.sextant.jobs.analyze.count;

import io.sextant.schema.stats.Estimate;
import java.io.Serializable;

/**
 * Sums of correlations, in whole billionths, so that their mean does not depend on the order in
 * which tasks add them.
 */
public final class CorrelationSums implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final double UNIT = 1e-9;

  private long n;
  private long pearson;
  private long pearsonSquares;
  private long spearman;
  private long spearmanSquares;
  private long prefillTokens;
  private long decodeTokens;

  /** Counts tokens, so that {@link #note} can say why there are no correlations. */
  public void addTokens(long prefill, long decode) {
    prefillTokens += prefill;
    decodeTokens += decode;
  }

  public void add(Correlation correlation) {
    n++;
    pearson += units(correlation.pearson());
    pearsonSquares += units(correlation.pearson() * correlation.pearson());
    spearman += units(correlation.spearman());
    spearmanSquares += units(correlation.spearman() * correlation.spearman());
  }

  private static long units(double value) {
    return Math.round(value / UNIT);
  }

  public CorrelationSums plus(CorrelationSums other) {
    n += other.n;
    pearson += other.pearson;
    pearsonSquares += other.pearsonSquares;
    spearman += other.spearman;
    spearmanSquares += other.spearmanSquares;
    return tokensPlus(other);
  }

  CorrelationSums tokensPlus(CorrelationSums other) {
    addTokens(other.prefillTokens, other.decodeTokens);
    return this;
  }

  public long n() {
    return n;
  }

  public Estimate pearson() {
    return Estimate.ofMean(n, pearson * UNIT, pearsonSquares * UNIT);
  }

  public Estimate spearman() {
    return Estimate.ofMean(n, spearman * UNIT, spearmanSquares * UNIT);
  }

  /** Why there is no figure; null if there is one. */
  public String note() {
    if (prefillTokens == 0) {
      return "not available: no prefill rows";
    }
    if (decodeTokens == 0) {
      return "not available: no decode rows";
    }
    return n == 0 ? "not available: nothing varies in both phases" : null;
  }
}
