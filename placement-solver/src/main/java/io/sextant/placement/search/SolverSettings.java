package io.sextant.placement.search;

import io.sextant.placement.problem.BalanceUnit;
import io.sextant.placement.problem.SlotLayout;
import java.io.Serializable;

/**
 * How much work a layer's plan may take. All bounds are steps, so that the same seed gives the same
 * plan on any machine.
 *
 * @param starts independent starts, of which the best is kept
 * @param sampleTokens tokens the traffic objective works on; load uses all tokens given
 * @param divisionSteps proposals when experts are divided over nodes, per start
 * @param copySteps proposals when redundant copies then look for their nodes
 * @param packingSteps proposals when copies are packed onto GPUs, per start
 * @param jointSteps proposals when all slots are then annealed together
 * @param polishScores score calculations of OptaPlanner's local search on the joint objective
 * @param weights what is minimised
 * @param balanced what the load of a GPU is
 * @param seed the root of every random choice
 */
public record SolverSettings(
    int starts,
    int sampleTokens,
    long divisionSteps,
    long copySteps,
    long packingSteps,
    long jointSteps,
    int polishScores,
    ObjectiveWeights weights,
    BalanceUnit balanced,
    long seed)
    implements Serializable {

  /** Balances tokens. */
  public SolverSettings(
      int starts,
      int sampleTokens,
      long divisionSteps,
      long copySteps,
      long packingSteps,
      long jointSteps,
      int polishScores,
      ObjectiveWeights weights,
      long seed) {
    this(
        starts,
        sampleTokens,
        divisionSteps,
        copySteps,
        packingSteps,
        jointSteps,
        polishScores,
        weights,
        BalanceUnit.TOKENS,
        seed);
  }

  public SolverSettings {
    if (starts < 1 || sampleTokens < 1) {
      throw new IllegalArgumentException(
          "Starts (%d) and sample tokens (%d) must be positive".formatted(starts, sampleTokens));
    }
  }

  /** Steps that take about this many seconds of CPU for a layer of 128 experts on 2026 hardware. */
  public static SolverSettings forSeconds(
      double seconds, SlotLayout layout, int experts, long seed) {
    if (!(seconds > 0)) {
      throw new IllegalArgumentException("Seconds (%s) must be positive".formatted(seconds));
    }
    double each = Math.min(1, seconds / 4);
    return new SolverSettings(
        1,
        (int) Math.round(50_000 * Math.max(0.2, Math.min(3, Math.max(each, seconds / 16)))),
        Math.round(2_000_000 * Math.max(0.5, each)),
        Math.round(75_000 * seconds),
        Math.round(150_000 * each),
        Math.round(200_000 * (seconds + Math.max(0, seconds - 1))),
        (int) Math.round(50 * seconds),
        ObjectiveWeights.forLayout(layout, experts),
        BalanceUnit.TOKENS,
        seed);
  }

  /** The same with another price of balance: what 1.0 of max/mean GPU load is worth. */
  public SolverSettings withGpuLoadWeight(double gpuLoad) {
    return with(new ObjectiveWeights(gpuLoad, weights.nodeReceive()), balanced, seed);
  }

  /** The same with the price of balance that placements for groups of requests have. */
  public SolverSettings forGroups(SlotLayout layout, int experts) {
    return with(ObjectiveWeights.forGroups(layout, experts), balanced, seed);
  }

  /** The same with another load of a GPU. */
  public SolverSettings balancing(BalanceUnit unit) {
    return with(weights, unit, seed);
  }

  /** The same with a part of the steps, for plans that are not the last word. */
  public SolverSettings lighter(int parts) {
    return new SolverSettings(
        starts,
        sampleTokens,
        divisionSteps / parts,
        copySteps / parts,
        packingSteps / parts,
        jointSteps / parts,
        polishScores / parts,
        weights,
        balanced,
        seed);
  }

  /** The same with traffic on a part of the sample. */
  public SolverSettings coarser(int parts) {
    return new SolverSettings(
        starts,
        Math.max(1, sampleTokens / parts),
        divisionSteps,
        copySteps,
        packingSteps,
        jointSteps,
        polishScores,
        weights,
        balanced,
        seed);
  }

  /** The same work with other random choices. */
  public SolverSettings withSeed(long other) {
    return with(weights, balanced, other);
  }

  /** The same work towards another aim. */
  private SolverSettings with(ObjectiveWeights minimised, BalanceUnit unit, long root) {
    return new SolverSettings(
        starts,
        sampleTokens,
        divisionSteps,
        copySteps,
        packingSteps,
        jointSteps,
        polishScores,
        minimised,
        unit,
        root);
  }
}
