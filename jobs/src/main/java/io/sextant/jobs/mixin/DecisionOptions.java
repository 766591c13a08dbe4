package io.sextant.jobs.mixin;

import static io.sextant.jobs.cli.OptionRange.require;

import io.sextant.jobs.decide.DecisionTerms;
import io.sextant.placement.decision.DecisionRule;
import io.sextant.placement.decision.MovingCost;
import io.sextant.schema.InvalidInputException;
import picocli.CommandLine.Option;

/** The options for the decision between a plan and the map in force. */
public final class DecisionOptions {
  @Option(
      names = "--minimum-gain",
      defaultValue = "0.5",
      paramLabel = "PERCENT",
      description =
          "Minimum reduction of the layer time for a change, in per cent (default"
              + " ${DEFAULT-VALUE}).")
  private double minimumGainPercent;

  @Option(
      names = "--refresh-hours",
      defaultValue = "" + MovingCost.NIGHTLY_HOURS,
      paramLabel = "H",
      description =
          "Busy hours until the next refresh, in which the gain must exceed the cost of the"
              + " moves (default ${DEFAULT-VALUE}).")
  private double refreshHours;

  /**
   * The terms of the decision.
   *
   * @param seed root of the resampling
   * @throws InvalidInputException if a number is out of range
   */
  public DecisionTerms terms(long seed) {
    require(
        "--minimum-gain",
        minimumGainPercent,
        minimumGainPercent >= 0 && minimumGainPercent < 100,
        "at least 0 and below 100");
    require("--refresh-hours", refreshHours, refreshHours > 0, "above 0");
    return new DecisionTerms(
        new DecisionRule(
            minimumGainPercent / 100, DecisionRule.DEFAULT.minimumMicroBatches(), seed),
        refreshHours);
  }
}
