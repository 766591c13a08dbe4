package io.sextant.schema.spec;

import java.util.Arrays;

/** How an engine chooses among the copies of an expert ({@code docs/serving.md}, "Copies"). */
public enum CopyRule {
  /**
   * One copy for each source rank: on its own GPU, else the first in its node, else one that is
   * dealt fairly among the ranks without either (SGLang, {@code --ep-dispatch-algorithm static}).
   */
  NEAREST("nearest"),
  /** Any copy, uniformly, for each token and expert (SGLang, {@code dynamic}). */
  RANDOM("random"),
  /**
   * Shares of copies that minimise the tokens of a batch's busiest GPU, the same for all ranks
   * (SGLang, {@code lp}).
   */
  LP("lp"),
  /**
   * A hash of the token's index in its rank's batch, the same for all experts of the token (vLLM).
   */
  TOKEN_HASH("token-hash"),
  /** The number of the source rank (vLLM-Ascend with tensor parallel size 1). */
  RANK("rank"),
  /** Each copy in turn, counted per source rank and expert (TensorRT-LLM). */
  ROUND_ROBIN("round-robin"),
  /**
   * A copy in the source node if there is one, else any, by a hash of token and expert. No engine
   * does this; it is the rule under which figures up to version 0.1.0 were published.
   */
  IDEAL("ideal");

  private final String id;

  CopyRule(String id) {
    this.id = id;
  }

  /**
   * The rule with an id.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static CopyRule named(String id) {
    return Arrays.stream(values())
        .filter(rule -> rule.id.equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no rule for copies is called " + id));
  }

  /** The name in profiles, tables and files. */
  public String id() {
    return id;
  }

  /** Whether the source rank or its node decides, so that a copy near the source saves traffic. */
  public boolean prefersNear() {
    return this == NEAREST || this == IDEAL;
  }

  /**
   * Whether a token's class alone decides: {@link #TOKEN_HASH} and {@link #RANK}. All tokens of a
   * class then see the same single copy of every expert.
   */
  public boolean hasViews() {
    return this == TOKEN_HASH || this == RANK;
  }
}
