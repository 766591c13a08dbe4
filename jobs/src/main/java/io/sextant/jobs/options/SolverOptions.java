package io.sextant.jobs.options;

import io.sextant.jobs.cli.OptionRange;
import io.sextant.placement.problem.SlotLayout;
import io.sextant.placement.search.SolverSettings;
import io.sextant.schema.InvalidInputException;
import picocli.CommandLine.Option;

/** How many slots to fill, and how long to search. */
public final class SolverOptions {
  private static final String DEFAULT_SECONDS = "8";

  @Option(
      names = "--slots",
      required = true,
      paramLabel = "N",
      description = "Physical slots of a layer, over all GPUs: experts plus redundant copies.")
  private int slots;

  @Option(
      names = "--seconds",
      defaultValue = DEFAULT_SECONDS,
      paramLabel = "S",
      description =
          "CPU to spend on a layer (default ${DEFAULT-VALUE}). It is turned into a number of"
              + " steps, so that the same seed gives the same plan on any machine.")
  private double seconds;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "K",
      description = "Root of every random choice (default ${DEFAULT-VALUE}).")
  private long seed;

  public int slots() {
    return slots;
  }

  public long seed() {
    return seed;
  }

  /**
   * The work that {@code --seconds} allows.
   *
   * @param experts logical experts of a layer
   * @throws InvalidInputException if the seconds are out of their range
   */
  public SolverSettings settings(SlotLayout layout, int experts) {
    OptionRange.require(
        "--seconds", seconds, seconds > 0 && seconds <= 3600, "above 0 and at most 3600");
    return SolverSettings.forSeconds(seconds, layout, experts, seed);
  }
}
