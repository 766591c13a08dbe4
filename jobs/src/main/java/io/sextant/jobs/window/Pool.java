package io.sextant.jobs.window;

import io.sextant.placement.problem.BalanceUnit;
import io.sextant.schema.InvalidInputException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The phases that the planned GPUs serve: engines may run prefill and decode on separate pools. */
public enum Pool {
  BOTH("size(experts) div top_k", BalanceUnit.TOKENS),
  PREFILL("prefill_tokens", BalanceUnit.TOKENS),
  DECODE("decode_tokens", BalanceUnit.ACTIVATED_EXPERTS);

  private final String tokens;
  private final BalanceUnit balanced;

  Pool(String tokens, BalanceUnit balanced) {
    this.tokens = tokens;
    this.balanced = balanced;
  }

  /** Rows of a request that the pool computes, as an SQL expression over {@code traces}. */
  public String tokens() {
    return tokens;
  }

  /** The load that determines the time of a GPU of the pool. */
  public BalanceUnit balanced() {
    return balanced;
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
                    "Give one of "
                        + Arrays.stream(values())
                            .map(Pool::label)
                            .collect(Collectors.joining(", "))));
  }

  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
