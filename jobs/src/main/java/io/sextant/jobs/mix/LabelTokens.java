package io.sextant.jobs.mix;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.NearestName;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * The tokens of each label in some traces, and the part of its requests to keep for other shares.
 * Requests are only left out, never repeated: the label that has to grow most keeps all of its
 * requests.
 *
 * @param traces the model and the days, for messages
 * @param tokens number of tokens by label, each above 0; days may be weighted
 */
public record LabelTokens(String traces, NavigableMap<String, Double> tokens) {
  /** Shares such as 0.1 and 0.7 do not add up to 0.8 exactly. */
  private static final double ROUNDING = 1e-9;

  /** The share of the tokens that a label has. */
  public double share(String label) {
    return tokens.getOrDefault(label, 0.0) / total(tokens.keySet());
  }

  private double total(Set<String> labels) {
    return labels.stream().mapToDouble(tokens::get).sum();
  }

  /**
   * The part of each label's requests to keep, from 0 to 1, so that labels have these shares of the
   * tokens and the others keep their proportions.
   *
   * @param shares the wanted shares by label
   * @param option the option that gave them, for messages
   * @throws InvalidInputException if a label has no requests, or the shares leave nothing for other
   *     labels
   */
  public NavigableMap<String, Double> keptForShares(Map<String, Double> shares, String option) {
    requireLabels(shares.keySet(), option);
    Set<String> others = new TreeMap<>(tokens).keySet();
    others.removeAll(shares.keySet());
    double given = shares.values().stream().mapToDouble(Double::doubleValue).sum();
    requireSum(given, others, option);
    NavigableMap<String, Double> growth = new TreeMap<>();
    shares.forEach((label, share) -> growth.put(label, share / share(label)));
    double ofOthers = (1 - given) * total(tokens.keySet()) / total(others);
    others.forEach(label -> growth.put(label, ofOthers));
    return belowOne(growth);
  }

  /**
   * The part of each label's requests to keep, from 0 to 1, so that labels have a multiple of their
   * tokens beside unchanged others.
   *
   * @param factors the factors by label; others have 1
   * @param option the option that gave them, for messages
   * @throws InvalidInputException if a label has no requests, or nothing is left
   */
  public NavigableMap<String, Double> keptForFactors(Map<String, Double> factors, String option) {
    requireLabels(factors.keySet(), option);
    NavigableMap<String, Double> growth = new TreeMap<>();
    tokens.keySet().forEach(label -> growth.put(label, factors.getOrDefault(label, 1.0)));
    if (growth.values().stream().noneMatch(factor -> factor > 0)) {
      throw InvalidInputException.of(
          option, "it leaves no requests of " + traces, "Leave a label above 0");
    }
    return belowOne(growth);
  }

  /**
   * The tokens that remain of each label that keeps some.
   *
   * @param kept the part of its requests that each label keeps
   */
  public LabelTokens after(Map<String, Double> kept) {
    NavigableMap<String, Double> left = new TreeMap<>();
    tokens.forEach(
        (label, count) -> {
          if (kept.get(label) > 0) {
            left.put(label, count * kept.get(label));
          }
        });
    return new LabelTokens(traces, left);
  }

  private static NavigableMap<String, Double> belowOne(NavigableMap<String, Double> growth) {
    double most = growth.values().stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    growth.replaceAll((label, factor) -> factor / most);
    return growth;
  }

  private void requireLabels(Set<String> labels, String option) {
    for (String label : labels) {
      if (!tokens.containsKey(label)) {
        throw InvalidInputException.of(
            option,
            "%s have no requests with the label %s".formatted(traces, label),
            NearestName.remedy(label, tokens.keySet())
                + "They have "
                + String.join(", ", tokens.keySet()));
      }
    }
  }

  private void requireSum(double given, Set<String> others, String option) {
    if (others.isEmpty() && Math.abs(given - 1) > ROUNDING) {
      throw InvalidInputException.of(
          option,
          "the shares of all labels of %s must add up to 1".formatted(traces),
          "Leave a label out; labels that are not named share the rest");
    }
    if (!others.isEmpty() && given > 1 - ROUNDING) {
      throw InvalidInputException.of(
          option,
          "the shares leave nothing for other labels of %s: %s"
              .formatted(traces, String.join(", ", others)),
          "Give smaller shares, or 0 to each of the others");
    }
  }
}
