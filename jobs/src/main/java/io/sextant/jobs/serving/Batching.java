package io.sextant.jobs.serving;

import io.sextant.jobs.window.Pool;
import io.sextant.schema.InvalidInputException;

/**
 * The number of tokens that an engine computes at once.
 *
 * @param microBatchTokens tokens per micro-batch, over which load is averaged
 * @param decodeStepTokens decode rows per step
 */
public record Batching(int microBatchTokens, int decodeStepTokens) {

  /**
   * @throws InvalidInputException if a number is not positive
   */
  public Batching {
    requirePositive("--micro-batch", microBatchTokens);
    requirePositive("--decode-step", decodeStepTokens);
  }

  private static void requirePositive(String option, int value) {
    if (value < 1) {
      throw InvalidInputException.of(
          option + " " + value, "it must be positive", "Give a positive number");
    }
  }

  /** Tokens over which load is averaged; a decode pool computes one step at a time. */
  int tokens(Pool pool) {
    return pool == Pool.DECODE ? decodeStepTokens : microBatchTokens;
  }
}
