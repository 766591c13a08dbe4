package io.sextant.jobs.mixin;

import io.sextant.jobs.cli.OptionRange;
import io.sextant.jobs.serving.MemoryTerms;
import io.sextant.placement.capacity.Promise;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.spec.ModelMemory.Limit;
import io.sextant.schema.spec.ModelSpec;
import java.util.List;
import java.util.OptionalDouble;
import picocli.CommandLine.Option;

/** The options for the use of GPU memory. */
public final class MemoryOptions {
  private static final long USUAL_CONTEXT = 8192;
  private static final int BF16_BYTES = 2;

  @Option(
      names = "--context",
      paramLabel = "TOKENS",
      description =
          "Tokens of prompt and answer of a sequence for which the KV cache must have room"
              + " (default 8192).")
  private Long context;

  @Option(
      names = "--sequences",
      paramLabel = "N",
      description = "Sequences at once, over all GPUs (default 1).")
  private Long sequences;

  @Option(
      names = "--limit",
      paramLabel = "PROVIDER",
      description =
          "Take the context that a provider publishes: a name under limits in the model's"
              + " description.")
  private String limit;

  @Option(
      names = "--memory-share",
      defaultValue = "0.9",
      paramLabel = "SHARE",
      description =
          "Share of a GPU's memory for weights and KV cache (default ${DEFAULT-VALUE}). The rest is"
              + " for activations and CUDA graphs.")
  private double share;

  @Option(
      names = "--gpu-memory",
      paramLabel = "GIGABYTES",
      description = "Memory of a GPU in 10^9 bytes (default: that in conf/gpus).")
  private Double gpuGigabytes;

  @Option(
      names = "--tensor-parallel",
      paramLabel = "N",
      description =
          "GPUs that share attention, dense and shared weights (default: those of a node, at most"
              + " 8). 1 is data-parallel attention.")
  private Integer group;

  @Option(
      names = "--kv-precision",
      defaultValue = "bf16",
      paramLabel = "NAME",
      description = "Precision of the KV cache, bf16 or fp8 (default ${DEFAULT-VALUE}).")
  private String cachePrecision;

  @Option(
      names = "--mtp",
      description = "Count the layers of multi-token prediction, which engines load on request.")
  private boolean multiToken;

  /** Whether the sequences that must have room are given. */
  public boolean isPromiseGiven() {
    return (context != null || limit != null) && sequences != null;
  }

  /**
   * The use of memory that the options describe.
   *
   * @throws InvalidInputException if a number is out of range or the model has no such limit
   */
  public MemoryTerms terms(ModelSpec model) {
    OptionRange.require("--memory-share", share, share > 0 && share <= 1, "above 0 and at most 1");
    if (!List.of("bf16", "fp8").contains(cachePrecision)) {
      throw InvalidInputException.of(
          "--kv-precision " + cachePrecision, "it is not known", "Give bf16 or fp8");
    }
    return new MemoryTerms(
        new Promise(context(model), positive("--sequences", sequences, 1)),
        share,
        gpuGigabytes == null ? OptionalDouble.empty() : OptionalDouble.of(gpuGigabytes * 1e9),
        (int) positive("--tensor-parallel", group == null ? null : Long.valueOf(group), 0),
        cachePrecision.equals("fp8") ? 1 : BF16_BYTES,
        multiToken);
  }

  private long context(ModelSpec model) {
    if (limit == null) {
      return positive("--context", context, Math.min(USUAL_CONTEXT, model.context()));
    }
    if (context != null) {
      throw InvalidInputException.of(
          "--limit " + limit, "--context gives a context too", "Give one of the two");
    }
    List<Limit> limits = model.memory().published().limits();
    return limits.stream()
        .filter(known -> known.provider().equals(limit))
        .findFirst()
        .map(Limit::context)
        .orElseThrow(
            () ->
                InvalidInputException.of(
                    "--limit " + limit,
                    "the description of %s has no such limit".formatted(model.name()),
                    limits.isEmpty()
                        ? "Give --context"
                        : "Give one of "
                            + String.join(", ", limits.stream().map(Limit::provider).toList())));
  }

  private static long positive(String option, Long given, long otherwise) {
    if (given != null && given < 1) {
      throw InvalidInputException.of(
          option + " " + given, "it must be positive", "Give a positive number");
    }
    return given == null ? otherwise : given;
  }
}
