package io.sextant.jobs.report.data;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.sextant.schema.stats.Estimate;
import java.util.List;

/**
 * What the report shows of routing: load, imbalance, correlation, and likeness of domains and days.
 */
public final class RoutingData {

  /**
   * Tokens per [layer][expert].
   *
   * @param prefill null if the phase has no tokens
   * @param decode likewise
   * @param byDomain the domains with most tokens first
   * @param domains how many there are in all
   */
  public record Load(long[][] prefill, long[][] decode, List<DomainLoad> byDomain, int domains) {}

  /**
   * How one domain loads the experts, both phases together.
   *
   * @param percent [layer][expert]: of the domain's mean over the experts of the layer
   */
  public record DomainLoad(String name, long tokens, int[][] percent) {}

  /** Largest expert load over the mean by layer, of each phase; null entries if there is none. */
  public record Imbalance(List<Double> all, List<Double> prefill, List<Double> decode) {}

  /**
   * Correlation of prefill and decode expert counts of the same request.
   *
   * @param pearson by layer
   * @param spearman by layer
   * @param overall Pearson over all layers; null if there is none
   * @param byDomain Pearson of each domain over all layers; empty if there is none
   */
  public record Correlation(
      List<Measured> pearson,
      List<Measured> spearman,
      Measured overall,
      List<DomainCorrelation> byDomain) {}

  /**
   * A mean with its 95 % confidence interval.
   *
   * @param n the pairs it is the mean of
   */
  public record Measured(@JsonUnwrapped Estimate estimate, long n) {}

  /** The correlation of a domain. */
  public record DomainCorrelation(String name, Measured estimate) {}

  /**
   * How alike domains use the experts, mean over the layers.
   *
   * @param names in an order that puts like beside like
   * @param cosine [a][b], symmetric, 1 on the diagonal
   * @param jensenShannon [a][b] in bits, symmetric, 0 on the diagonal
   */
  public record Domains(
      List<String> names, List<List<Double>> cosine, List<List<Double>> jensenShannon) {}

  /**
   * How far one day's use of the experts is from another's, mean over the layers.
   *
   * @param days ascending
   * @param totalVariation [a][b], symmetric, 0 on the diagonal: share of the tokens that would have
   *     to move to another expert
   * @param jensenShannon [a][b] in bits
   */
  public record Drift(
      List<String> days, List<List<Double>> totalVariation, List<List<Double>> jensenShannon) {}

  private RoutingData() {}
}
