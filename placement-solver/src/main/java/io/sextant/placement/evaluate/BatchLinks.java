package io.sextant.placement.evaluate;

import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.Transport;
import java.util.Arrays;

/**
 * What the rows of a batch put on the links between nodes and between the GPUs of a node.
 *
 * <p>Each GPU has a network port. A node-deduplicated transport sends a row from GPU i of its node
 * to GPU i of each other node that it needs; that GPU forwards it over NVLink (DeepEP's normal
 * kernels). The source's GPU does the same in its own node. A transport per expert sends each
 * choice to the port of its GPU, or over NVLink within the node. A GPU-deduplicated transport sends
 * over NVLink to each other GPU.
 *
 * <p>The receiving side alone is counted over NVLink. Consecutive rows of a trace belong to few
 * requests and thus to few source GPUs, so the sending side would show the order of the trace.
 */
final class BatchLinks {
  private final SlotLayout layout;
  private final Transport transport;
  private final boolean priced;
  private final int nodes;
  private final int gpusPerNode;
  private final double[] price;

  /** Shape [gpus x nodes]: rows that each source GPU sends to each other node. */
  private final int[] sent;

  /** Shape [gpus]: sends that arrive at each GPU over NVLink. */
  private final long[] nvlinkIn;

  /** Shape [gpus]: choices that arrive from other nodes at each GPU. */
  private final long[] choicesIn;

  /** The same by the price of the links; unused without prices. */
  private final double[] choiceTime;

  BatchLinks(SlotLayout layout, Transport transport) {
    this.layout = layout;
    this.transport = transport;
    this.priced = layout.topology().pricesLinks();
    this.nodes = layout.nodes();
    this.gpusPerNode = layout.gpusPerNode();
    this.price = new double[nodes * nodes];
    for (int i = 0; i < price.length; i++) {
      price[i] = layout.topology().price(i / nodes, i % nodes);
    }
    this.sent = new int[layout.gpus() * nodes];
    this.nvlinkIn = new long[layout.gpus()];
    this.choicesIn = new long[layout.gpus()];
    this.choiceTime = new double[layout.gpus()];
  }

  /** Whether a row of a source GPU reaches another GPU over NVLink. */
  static boolean overNvlink(SlotLayout layout, Transport transport, int source, int gpu) {
    int perNode = layout.gpusPerNode();
    return switch (transport) {
      case NODE_DEDUPLICATED -> source % perNode != gpu % perNode;
      case PER_EXPERT -> source != gpu && source / perNode == gpu / perNode;
      case GPU_DEDUPLICATED -> source != gpu;
      case ALL_GATHER -> false;
    };
  }

  /** Source nodes are kept apart if the figures need it. */
  int lanes() {
    return lanesByNode() ? nodes : 1;
  }

  /** The lane of a source GPU. */
  int lane(int sourceGpu) {
    return lanesByNode() ? sourceGpu / gpusPerNode : 0;
  }

  private boolean lanesByNode() {
    return transport == Transport.PER_EXPERT && priced;
  }

  /** Shape [gpus x nodes]: for the rows that each source GPU sends to each other node. */
  int[] sent() {
    return sent;
  }

  /**
   * Adds the choices of a GPU.
   *
   * @param remote those from other nodes
   * @param nvlink those that reach the GPU over NVLink
   */
  void add(int lane, int gpu, long remote, long nvlink) {
    nvlinkIn[gpu] += nvlink;
    choicesIn[gpu] += remote;
    if (lanesByNode()) {
      choiceTime[gpu] += remote * price[lane * nodes + gpu / gpusPerNode];
    }
  }

  void clear() {
    Arrays.fill(sent, 0);
    Arrays.fill(nvlinkIn, 0);
    Arrays.fill(choicesIn, 0);
    Arrays.fill(choiceTime, 0);
  }

  /**
   * Adds the rows sent between nodes.
   *
   * @param sums shape [nodes x nodes], source node first
   */
  void addSentTo(long[] sums) {
    for (int from = 0, i = 0; from < nodes; from++) {
      for (int local = 0; local < gpusPerNode; local++) {
        for (int n = 0; n < nodes; n++, i++) {
          sums[from * nodes + n] += sent[i];
        }
      }
    }
  }

  /** The price of the rows sent between nodes. */
  double cost(long[] sums) {
    double cost = 0;
    for (int i = 0; i < sums.length; i++) {
      cost += sums[i] * price[i];
    }
    return cost;
  }

  /**
   * Tokens that each node receives, by the price of their links if these have prices.
   *
   * @param sums shape [nodes x nodes] of the batch, source node first
   */
  double busiestNode(long[] sums) {
    double most = 0;
    for (int n = 0; n < nodes; n++) {
      double received = 0;
      for (int from = 0; from < nodes; from++) {
        received += sums[from * nodes + n] * (priced ? price[from * nodes + n] : 1);
      }
      most = Math.max(most, received);
    }
    return most;
  }

  /** Sends that the busiest network port receives, by their price if links have prices. */
  double busiestPort() {
    return lanesByNode() ? most(choiceTime) : most(portReceives());
  }

  /** Sends that arrive at the busiest GPU over NVLink. */
  long busiestNvlink() {
    return most(nvlinkIn);
  }

  /** Max/mean sends received by a GPU's port; 1 if none receives any. */
  double portImbalance() {
    return imbalance(portReceives());
  }

  private long[] portReceives() {
    return switch (transport) {
      case NODE_DEDUPLICATED -> receivedByLane();
      case PER_EXPERT -> choicesIn;
      case GPU_DEDUPLICATED -> nvlinkIn;
      case ALL_GATHER -> new long[layout.gpus()];
    };
  }

  private long[] receivedByLane() {
    long[] received = new long[layout.gpus()];
    for (int from = 0, i = 0; from < nodes; from++) {
      for (int local = 0; local < gpusPerNode; local++) {
        for (int n = 0, port = local; n < nodes; n++, i++, port += gpusPerNode) {
          received[port] += sent[i];
        }
      }
    }
    return received;
  }

  /** Max/mean tokens received by a node; 1 if none receives any. */
  double nodeImbalance(long[] sums) {
    long[] received = new long[nodes];
    for (int from = 0, i = 0; from < nodes; from++) {
      for (int n = 0; n < nodes; n++, i++) {
        received[n] += sums[i];
      }
    }
    return imbalance(received);
  }

  private static double imbalance(long[] values) {
    long sum = 0;
    for (long value : values) {
      sum += value;
    }
    return sum == 0 ? 1 : most(values) * (double) values.length / sum;
  }

  private static long most(long[] values) {
    long most = 0;
    for (long value : values) {
      most = Math.max(most, value);
    }
    return most;
  }

  private static double most(double[] values) {
    double most = 0;
    for (double value : values) {
      most = Math.max(most, value);
    }
    return most;
  }
}
