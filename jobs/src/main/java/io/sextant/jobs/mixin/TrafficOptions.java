package io.sextant.jobs.mixin;

import io.sextant.jobs.mix.TrafficChange;
import picocli.CommandLine.Option;

/** The options for traffic that differs from the recorded one. */
public final class TrafficOptions {
  @Option(
      names = "--mix",
      paramLabel = "LABEL=SHARE,...",
      description =
          "Plan and score for other shares of the tokens by label, for example"
              + " java=0.2,sql=10%%. Labels that are not named share the rest in their"
              + " proportions.")
  private String mix;

  @Option(
      names = "--scale",
      paramLabel = "LABEL=FACTOR,...",
      description =
          "Plan and score for a multiple of the tokens of labels beside unchanged others, for"
              + " example java=2; 0 leaves a label out.")
  private String scale;

  @Option(
      names = "--arrivals",
      paramLabel = "FROM-TO",
      description =
          "Plan and score on requests that arrive in these hours of each day, UTC, for example"
              + " 8-18, or 22-6 over midnight.")
  private String arrivals;

  /**
   * How the traffic to plan for and to score on differs from the recorded one.
   *
   * @throws io.sextant.schema.InvalidInputException if an option cannot be read
   */
  public TrafficChange change() {
    return TrafficChange.of(mix, scale, arrivals);
  }
}
