package io.sextant.placement.search;

import io.sextant.placement.objective.ObjectiveWeights;
import io.sextant.placement.problem.BalanceUnit;
import io.sextant.placement.problem.LostUnit;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.CopyRule;
import java.io.Serializable;

/**
 * How a layer is planned.
 *
 * @param budget how much work it may take
 * @param weights the objective
 * @param balanced the unit of a GPU's load
 * @param seed the root of every random choice
 * @param survived the hardware of which one unit may fail without the loss of an expert
 */
public record SolverSettings(
    SearchBudget budget,
    ObjectiveWeights weights,
    BalanceUnit balanced,
    long seed,
    LostUnit survived)
    implements Serializable {

  /** Experts may be lost with hardware. */
  public SolverSettings(
      SearchBudget budget, ObjectiveWeights weights, BalanceUnit balanced, long seed) {
    this(budget, weights, balanced, seed, LostUnit.NOTHING);
  }

  /** Balances tokens. */
  public SolverSettings(SearchBudget budget, ObjectiveWeights weights, long seed) {
    this(budget, weights, BalanceUnit.TOKENS, seed);
  }

  /** The budget of {@link SearchBudget#forSeconds} and the weights of the cluster's shape. */
  public static SolverSettings forSeconds(
      double seconds, SlotLayout layout, int experts, long seed) {
    return new SolverSettings(
        SearchBudget.forSeconds(seconds), ObjectiveWeights.forLayout(layout, experts), seed);
  }

  /** The same with the weights of a rule: {@link ObjectiveWeights#forRule}. */
  public SolverSettings forRule(CopyRule rule, SlotLayout layout, int experts) {
    return new SolverSettings(
        budget, ObjectiveWeights.forRule(rule, layout, experts), balanced, seed, survived);
  }

  /**
   * The same for a transport with a send for each choice: the busiest GPU's network port takes
   * about as long as the mean port times the imbalance, so 1.0 of imbalance is worth all of a
   * token's sends.
   */
  public SolverSettings forSendPerChoice(int topK) {
    return withGpuLoadWeight(topK);
  }

  /**
   * The same with another price of balance: remote nodes per token for 1.0 of max/mean GPU load.
   */
  public SolverSettings withGpuLoadWeight(double gpuLoad) {
    return new SolverSettings(
        budget, new ObjectiveWeights(gpuLoad, weights.nodeReceive()), balanced, seed, survived);
  }

  /** The same with the price of balance that placements for groups of requests have. */
  public SolverSettings forGroups(CopyRule rule, SlotLayout layout, int experts) {
    return new SolverSettings(
        budget, ObjectiveWeights.forGroups(rule, layout, experts), balanced, seed, survived);
  }

  /** The same with another unit of a GPU's load. */
  public SolverSettings balancing(BalanceUnit unit) {
    return new SolverSettings(budget, weights, unit, seed, survived);
  }

  /** The same, and no expert may be lost with a unit of hardware. */
  public SolverSettings surviving(LostUnit unit) {
    return new SolverSettings(budget, weights, balanced, seed, unit);
  }

  /** The same with a part of the steps: {@link SearchBudget#lighter}. */
  public SolverSettings lighter(int parts) {
    return new SolverSettings(budget.lighter(parts), weights, balanced, seed, survived);
  }

  /** The same with traffic counted on a part of the sample: {@link SearchBudget#coarser}. */
  public SolverSettings coarser(int parts) {
    return new SolverSettings(budget.coarser(parts), weights, balanced, seed, survived);
  }

  /** The same with other random choices. */
  public SolverSettings withSeed(long other) {
    return new SolverSettings(budget, weights, balanced, other, survived);
  }
}
