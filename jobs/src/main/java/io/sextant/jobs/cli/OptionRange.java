package io.sextant.jobs.cli;

import io.sextant.schema.InvalidInputException;

/** Checks the numbers of a command line. */
public final class OptionRange {
  private OptionRange() {}

  /**
   * Fails where an option's value is out of its range.
   *
   * @param fits whether it is in it, and {@code range}, that in words
   */
  public static void require(String option, double value, boolean fits, String range) {
    if (!fits) {
      throw InvalidInputException.of(
          option + " " + value, "it must be " + range, "Leave it out for the default");
    }
  }
}
