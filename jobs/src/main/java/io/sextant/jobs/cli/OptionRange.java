package io.sextant.jobs.cli;

import io.sextant.schema.InvalidInputException;

/** Checks numeric options. */
public final class OptionRange {
  private OptionRange() {}

  /**
   * Fails if an option's value is out of range.
   *
   * @param fits whether the value is in range
   * @param range the range in words
   */
  public static void require(String option, double value, boolean fits, String range) {
    if (!fits) {
      throw InvalidInputException.of(
          option + " " + value, "it must be " + range, "Leave the option out to use the default");
    }
  }
}
