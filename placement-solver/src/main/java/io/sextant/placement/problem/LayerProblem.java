package io.sextant.placement.problem;

import io.sextant.schema.spec.CopyRule;
import io.sextant.schema.spec.Transport;
import java.util.Arrays;

/**
 * One layer to place: its slots and a sample of its tokens.
 *
 * @param layout the physical slots
 * @param tokens a sample of whole requests in arrival order, each token with the node it starts on
 * @param microBatchTokens tokens of a micro-batch, over which load is balanced
 * @param rule how the engine chooses among the copies of an expert
 * @param transport how hidden states travel
 */
public record LayerProblem(
    SlotLayout layout,
    LayerTokens tokens,
    int microBatchTokens,
    CopyRule rule,
    Transport transport) {
  /** Sets of nodes are bits of a long. */
  public static final int MOST_NODES = Long.SIZE;

  /** A GPU within its node is a byte. */
  public static final int MOST_GPUS_PER_NODE = Byte.MAX_VALUE + 1;

  /** The same layer for an engine that chooses copies by another rule. */
  public LayerProblem under(CopyRule other) {
    return new LayerProblem(layout, tokens, microBatchTokens, other, transport);
  }

  /**
   * @throws IllegalArgumentException if no plan is possible: too few slots, so many on a GPU that
   *     it would hold two copies of an expert, more than 64 nodes, no tokens, or tokens that start
   *     on a node that does not exist
   */
  public LayerProblem {
    if (layout.nodes() > MOST_NODES) {
      throw new IllegalArgumentException(
          "%d nodes are more than the %d that a layer can be planned for"
              .formatted(layout.nodes(), MOST_NODES));
    }
    if (microBatchTokens < 1) {
      throw new IllegalArgumentException(
          "Tokens of a micro-batch (%d) must be positive".formatted(microBatchTokens));
    }
    int experts = tokens.experts();
    if (layout.slots() < experts) {
      throw new IllegalArgumentException(
          "%d slots cannot hold %d experts".formatted(layout.slots(), experts));
    }
    if (layout.slotsPerGpu() > experts) {
      throw new IllegalArgumentException(
          "%d slots on a GPU need two copies of one of %d experts"
              .formatted(layout.slotsPerGpu(), experts));
    }
    if (tokens.tokens() == 0) {
      throw new IllegalArgumentException("There are no tokens to plan from");
    }
    for (int t = 0; t < tokens.tokens(); t++) {
      int source = tokens.sourceNode()[t];
      if (source < 0 || source >= layout.nodes()) {
        throw new IllegalArgumentException(
            "Token %d starts on node %d of a cluster of %d nodes"
                .formatted(t, source, layout.nodes()));
      }
    }
  }

  /** A layer under the ideal rule, whose tokens are sent once to a node. */
  public LayerProblem(SlotLayout layout, LayerTokens tokens, int microBatchTokens) {
    this(layout, tokens, microBatchTokens, CopyRule.IDEAL, Transport.NODE_DEDUPLICATED);
  }

  /** The same layer with other tokens. */
  public LayerProblem with(LayerTokens others) {
    return new LayerProblem(layout, others, microBatchTokens, rule, transport);
  }

  /** The same layer with about {@code most} of its tokens, evenly spaced. */
  public LayerProblem thinned(int most) {
    return with(tokens.thinned(most));
  }

  /** Tokens of each expert in the sample; experts beyond the layer's own have none. */
  public double[] load(int experts) {
    double[] load = new double[experts];
    for (short e : tokens.ids()) {
      load[e]++;
    }
    return Arrays.copyOf(load, experts);
  }
}
