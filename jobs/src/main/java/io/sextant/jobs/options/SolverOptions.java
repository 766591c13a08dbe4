package io.sextant.jobs.options;

import io.sextant.jobs.cli.OptionRange;
import io.sextant.jobs.serving.FittingSlots;
import io.sextant.jobs.serving.GpuGroup;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.placement.search.SolverSettings;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ClusterSpec;
import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.Packaging;
import io.sextant.schema.spec.Transport;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options for the number of slots and the length of the search. */
public final class SolverOptions {
  private static final String DEFAULT_SECONDS = "8";
  private static final String SLOTS = "--slots ";
  private static final String AUTO = "auto";

  @Option(
      names = "--slots",
      required = true,
      paramLabel = "N|auto",
      description =
          "Physical slots per layer over all GPUs: experts plus redundant copies. With auto, as many"
              + " as fit beside the KV cache of --context and --sequences (see capacity).")
  private String slots;

  @Mixin private MemoryOptions memory;

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

  /**
   * The number of slots.
   *
   * @throws InvalidInputException if it is not a number, or {@code auto} without the sequences that
   *     must have room or without room for every expert
   */
  public int slots(ModelSpec model, ClusterSpec cluster, Packaging packaging) {
    if (AUTO.equals(slots)) {
      if (!memory.isPromiseGiven()) {
        throw InvalidInputException.of(
            SLOTS + slots,
            "the KV cache that must have room is not given",
            "Give --context (or --limit) and --sequences");
      }
      return new FittingSlots(memory.terms(model)).largest(model, GpuGroup.of(cluster), packaging);
    }
    try {
      return Integer.parseInt(slots);
    } catch (NumberFormatException e) {
      throw InvalidInputException.of(
          SLOTS + slots, "it is not a whole number", "Give a number, or auto", e);
    }
  }

  /**
   * A sentence that says what a GPU holds.
   *
   * @throws InvalidInputException if the target's slots do not fit into the memory of its GPUs
   */
  public String memory(PlanTarget target) {
    return new FittingSlots(memory.terms(target.model())).check(target);
  }

  public long seed() {
    return seed;
  }

  /**
   * The solver settings for {@code --seconds} and the target's serving profile.
   *
   * @throws InvalidInputException if the seconds are out of range, or the cluster is too large
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
