package io.sextant.jobs.serving;

import io.sextant.jobs.window.Pool;
import io.sextant.schema.InvalidInputException;

/**
 * How many tokens an engine computes at once.
 *
 * @param microBatchTokens consecutive tokens over which load is averaged
 * @param decodeStepTokens decode rows of one step
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
      throw InvalidInputException.of(option + " " + value, "it must be positive", "Give a number");
    }
  }

  /** Tokens over which load is averaged: a decode pool computes step by step. */
  int tokens(Pool pool) {
    return pool == Pool.DECODE ? decodeStepTokens : microBatchTokens;
  }
}
