package io.sextant.jobs.mixin;

import io.sextant.jobs.cli.OptionRange;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.placement.search.SolverSettings;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.Transport;
import picocli.CommandLine.Option;

/** The options for the length of the search. */
public final class SearchOptions {
  private static final String DEFAULT_SECONDS = "8";

  @Option(
      names = "--seconds",
      defaultValue = DEFAULT_SECONDS,
      paramLabel = "S",
      description =
          "CPU seconds per layer (default ${DEFAULT-VALUE}). They are converted to a number"
              + " of steps, so that the same seed gives the same plan on any machine. With"
              + " copies for vllm, its variants and vllm-ascend, planning takes twice as long: a"
              + " search of that length runs for each of two rules, and the better plan is kept.")
  private double seconds;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "K",
      description = "Seed of all random choices (default ${DEFAULT-VALUE}).")
  private long seed;

  public long seed() {
    return seed;
  }

  /**
   * The solver settings for {@code --seconds} and the target's serving profile.
   *
   * @throws io.sextant.schema.InvalidInputException if the seconds are out of range, or the cluster
   *     is too large
   */
  public SolverSettings settings(PlanTarget target) {
    target.requirePlannable();
    OptionRange.require(
        "--seconds", seconds, seconds > 0 && seconds <= 3600, "above 0 and at most 3600");
    int experts = target.model().experts();
    CopyRule rule = target.profile().copyRule();
    SolverSettings settings =
        SolverSettings.forSeconds(seconds, target.layout(), experts, seed)
            .forRule(rule, target.layout(), experts);
    return rule.prefersNear() && target.shape().transport() == Transport.PER_EXPERT
        ? settings.forSendPerChoice(target.model().topK())
        : settings;
  }
}
