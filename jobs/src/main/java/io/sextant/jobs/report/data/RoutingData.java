package io.sextant.jobs.report.data;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.sextant.schema.stats.Estimate;
import java.util.List;

/**
 * The report's data about routing: load, imbalance, correlation, and similarity of domains and
 * days.
 */
public final class RoutingData {

  /**
   * Tokens per [layer][expert].
   *
   * @param prefill tokens in prefill; null if the phase has no tokens
   * @param decode tokens in decode; null if the phase has no tokens
   * @param unphased tokens whose phase is not known, as in counts of engines; null if there are
   *     none
   * @param byDomain loads by domain, the domains with most tokens first
   * @param domains number of all domains
   */
  public record Load(
      long[][] prefill,
      long[][] decode,
      long[][] unphased,
      List<DomainLoad> byDomain,
      int domains) {}

  /**
   * The load of the experts by one domain, both phases together.
   *
   * @param percent load [layer][expert], in per cent of the domain's mean over the experts of the
   *     layer
   */
  public record DomainLoad(String name, long tokens, int[][] percent) {}

  /**
   * Maximum expert load divided by the mean, by layer and phase; an entry is null if there is none.
   */
  public record Imbalance(List<Double> all, List<Double> prefill, List<Double> decode) {}

  /**
   * Correlation of prefill and decode expert counts of the same request.
   *
   * @param pearson Pearson correlation by layer
   * @param spearman Spearman correlation by layer
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
   * @param n number of pairs over which the mean is taken
   */
  public record Measured(@JsonUnwrapped Estimate estimate, long n) {}

  /** The correlation for one domain. */
  public record DomainCorrelation(String name, Measured estimate) {}

  /**
   * Similarity of domains in their use of the experts, mean over the layers.
   *
   * @param names the domains, ordered so that similar domains are adjacent
   * @param cosine cosine [a][b], symmetric, 1 on the diagonal
   * @param jensenShannon Jensen-Shannon divergence [a][b] in bits, symmetric, 0 on the diagonal
   */
  public record Domains(
      List<String> names, List<List<Double>> cosine, List<List<Double>> jensenShannon) {}

  /**
   * Distance between days in their use of the experts, mean over the layers.
   *
   * @param days the days, ascending
   * @param totalVariation total variation [a][b], symmetric, 0 on the diagonal: the share of tokens
   *     that would have to choose another expert
   * @param jensenShannon Jensen-Shannon divergence [a][b] in bits
   */
  public record Drift(
      List<String> days, List<List<Double>> totalVariation, List<List<Double>> jensenShannon) {}

  private RoutingData() {}
}
