package io.sextant.jobs.mixin;

import io.sextant.jobs.serving.FittingSlots;
import io.sextant.jobs.serving.GpuGroup;
import io.sextant.jobs.serving.PlanTarget;
import io.sextant.placement.search.SolverSettings;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ClusterSpec;
import io.sextant.schema.spec.ModelSpec;
import io.sextant.schema.spec.Packaging;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options for the number of slots and the length of the search. */
public final class SolverOptions {
  private static final String SLOTS = "--slots ";
  private static final String AUTO = "auto";

  @Option(
      names = "--slots",
      required = true,
      paramLabel = "N|auto",
      description =
          "Physical slots per layer over all GPUs: experts plus redundant copies. With auto, as"
              + " many as fit beside the KV cache of --context and --sequences (see capacity).")
  private String slots;

  @Mixin private MemoryOptions memory;

  @Mixin private SearchOptions search;

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
    return search.seed();
  }

  /** As {@link SearchOptions#settings}. */
  public SolverSettings settings(PlanTarget target) {
    return search.settings(target);
  }
}
