package io.sextant.jobs.window;

import io.sextant.placement.evaluate.ServedPhases;
import io.sextant.placement.problem.BalanceUnit;
import io.sextant.schema.InvalidInputException;
import io.sextant.schema.NearestName;
import java.util.Arrays;
import java.util.List;

/** The phases that the planned GPUs serve: engines may run prefill and decode on separate pools. */
public enum Pool {
  BOTH("size(experts) div top_k", BalanceUnit.TOKENS, ServedPhases.BOTH),
  PREFILL("prefill_tokens", BalanceUnit.TOKENS, ServedPhases.PREFILL),
  DECODE("decode_tokens", BalanceUnit.ACTIVATED_EXPERTS, ServedPhases.DECODE);

  private final String tokens;
  private final BalanceUnit balanced;
  private final ServedPhases phases;

  Pool(String tokens, BalanceUnit balanced, ServedPhases phases) {
    this.tokens = tokens;
    this.balanced = balanced;
    this.phases = phases;
  }

  /** Rows of a request that the pool computes, as an SQL expression over {@code traces}. */
  public String tokens() {
    return tokens;
  }

  /** The load that determines the time of a GPU of the pool. */
  public BalanceUnit balanced() {
    return balanced;
  }

  /** The phases of the rows that the pool computes. */
  public ServedPhases phases() {
    return phases;
  }

  public static Pool named(String name) {
    return Arrays.stream(values())
        .filter(pool -> pool.label().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                InvalidInputException.of(
                    "--pool " + name,
                    "there is no such pool",
                    NearestName.remedy(name, labels())
                        + "Give one of "
                        + String.join(", ", labels())));
  }

  /** The names of all pools, as the command line takes them. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(Pool::label).toList();
  }

  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
