package io.sextant.placement.cost;

import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.Transport;
import java.io.Serializable;

/**
 * How long it takes to send one token's hidden state and to return its result: dispatch and combine
 * of one layer.
 *
 * @param nodeMicros per token, over all network ports of a node together
 * @param nvlinkMicros per token, over the NVLink ports of one GPU
 * @param fixedMicros per layer, for any number of tokens
 */
public record LinkCosts(double nodeMicros, double nvlinkMicros, double fixedMicros)
    implements Serializable {

  /**
   * The time of a batch's transfers. Inter-node and intra-node transfers overlap.
   *
   * @param busiest what the busiest links carry
   */
  public double micros(Transport transport, SlotLayout layout, BusiestLinks busiest) {
    double nvlink = busiest.nvlink() * nvlinkMicros;
    double transfer =
        switch (transport) {
          case NODE_DEDUPLICATED -> Math.max(busiest.node() * nodeMicros, nvlink);
          case PER_EXPERT -> Math.max(busiest.nic() * nodeMicros * layout.gpusPerNode(), nvlink);
          case GPU_DEDUPLICATED -> nvlink;
          case ALL_GATHER ->
              busiest.tokens()
                  * Math.max(
                      remoteShare(layout.nodes()) * nodeMicros,
                      remoteShare(layout.gpus()) * nvlinkMicros);
        };
    return layout.gpus() == 1 ? 0 : fixedMicros + transfer;
  }

  /** The share of all tokens that one of several members does not have yet. */
  private static double remoteShare(int members) {
    return (members - 1) / (double) members;
  }

  /**
   * What the busiest links of a batch carry. Over unequal links, tokens count by the price of their
   * link.
   *
   * @param node tokens that the busiest node receives from other nodes, each counted once
   * @param nic sends that the busiest network port receives
   * @param nvlink sends that the busiest GPU receives over NVLink
   * @param tokens tokens of the batch
   */
  public record BusiestLinks(double node, double nic, double nvlink, long tokens) {}
}
