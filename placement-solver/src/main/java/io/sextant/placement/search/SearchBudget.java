package io.sextant.placement.search;

import java.io.Serializable;

/**
 * How much work a layer's plan may take. Every bound is a number of steps and none a time, so the
 * same seed gives the same plan on any machine.
 *
 * @param sampleTokens tokens that traffic is counted on; load uses all tokens given
 * @param divisionSteps proposals when experts are divided over nodes
 * @param copySteps proposals when redundant copies then look for their nodes
 * @param packingSteps proposals when copies are packed onto GPUs
 * @param jointSteps proposals when all slots are then annealed together
 * @param polishScores score calculations of OptaPlanner's local search on the joint objective
 */
public record SearchBudget(
    int sampleTokens,
    long divisionSteps,
    long copySteps,
    long packingSteps,
    long jointSteps,
    int polishScores)
    implements Serializable {
  /** Samples of 20,000 or 150,000 tokens change nothing (docs/evidence/solver.md). */
  private static final double SAMPLE_TOKENS = 50_000;

  /** The sample's least part, for the shortest searches; chosen without a measurement. */
  private static final double LEAST_SAMPLE = 0.2;

  /** The sample's largest multiple: 400,000 tokens change nothing (docs/evidence/solver.md). */
  private static final double MOST_SAMPLE = 3;

  /** Seconds above which the sample grows; chosen without a measurement. */
  private static final double LARGER_SAMPLE_SECONDS = 16;

  /**
   * Seconds from which division and packing have all their steps: traffic does not gain from more
   * time, only balance does (docs/evidence/solver.md, "What more work brings").
   */
  private static final double STRUCTURE_SECONDS = 4;

  /** With {@link #STRUCTURE_SECONDS}: the steps of "base" in docs/evidence/solver.md. */
  private static final double DIVISION_STEPS = 2_000_000;

  /**
   * The least part of the division's steps from one second on; measured only as a whole ("A map in
   * a second"). Below a second it shrinks with the time.
   */
  private static final double LEAST_DIVISION = 0.5;

  /** With {@link #STRUCTURE_SECONDS}: the steps of "base" in docs/evidence/solver.md. */
  private static final double PACKING_STEPS = 150_000;

  /** 2,000,000 copy steps change nothing (docs/evidence/solver.md); the rate is not measured. */
  private static final double COPY_STEPS_PER_SECOND = 75_000;

  /**
   * The joint annealing gets the time that is left, so each second after the first counts twice.
   * Chosen so that {@code --seconds} is about the CPU time, see the rates in
   * docs/evidence/solver.md.
   */
  private static final double JOINT_STEPS_PER_SECOND = 200_000;

  /** 20,000 scores cost more than all else and change nothing (docs/evidence/solver.md). */
  private static final double POLISH_SCORES_PER_SECOND = 50;

  public SearchBudget {
    if (sampleTokens < 1) {
      throw new IllegalArgumentException(
          "Sample tokens (%d) must be positive".formatted(sampleTokens));
    }
  }

  /** Steps that take about this many seconds of CPU for a layer of 128 experts on 2026 hardware. */
  public static SearchBudget forSeconds(double seconds) {
    if (!(seconds > 0)) {
      throw new IllegalArgumentException("Seconds (%s) must be positive".formatted(seconds));
    }
    double structure = Math.min(1, seconds / STRUCTURE_SECONDS);
    double sample = Math.max(structure, seconds / LARGER_SAMPLE_SECONDS);
    return new SearchBudget(
        (int) Math.round(SAMPLE_TOKENS * Math.max(LEAST_SAMPLE, Math.min(MOST_SAMPLE, sample))),
        Math.round(DIVISION_STEPS * Math.max(LEAST_DIVISION * Math.min(1, seconds), structure)),
        Math.round(COPY_STEPS_PER_SECOND * seconds),
        Math.round(PACKING_STEPS * structure),
        Math.round(JOINT_STEPS_PER_SECOND * (seconds + Math.max(0, seconds - 1))),
        (int) Math.round(POLISH_SCORES_PER_SECOND * seconds));
  }

  /** The same sample with a part of the steps, for intermediate plans. */
  public SearchBudget lighter(int parts) {
    return new SearchBudget(
        sampleTokens,
        divisionSteps / parts,
        copySteps / parts,
        packingSteps / parts,
        jointSteps / parts,
        polishScores / parts);
  }

  /** The same steps with traffic counted on a part of the sample. */
  public SearchBudget coarser(int parts) {
    return new SearchBudget(
        Math.max(1, sampleTokens / parts),
        divisionSteps,
        copySteps,
        packingSteps,
        jointSteps,
        polishScores);
  }
}
