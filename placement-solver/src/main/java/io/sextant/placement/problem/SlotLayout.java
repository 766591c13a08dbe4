package io.sextant.placement.problem;

import java.io.Serializable;

/**
 * The physical slots of one layer: slot {@code p} lives on GPU {@code p / slotsPerGpu}, GPU {@code
 * g} in node {@code g / gpusPerNode}.
 *
 * @param nodes machines joined by the slow links
 * @param gpusPerNode GPUs in a machine
 * @param slotsPerGpu experts of one layer that a GPU holds
 * @param topology the differences between links and between GPUs
 */
public record SlotLayout(int nodes, int gpusPerNode, int slotsPerGpu, Topology topology)
    implements Serializable {

  public SlotLayout {
    if (nodes < 1 || gpusPerNode < 1 || slotsPerGpu < 1) {
      throw new IllegalArgumentException(
          "Nodes (%d), GPUs per node (%d) and slots per GPU (%d) must be positive"
              .formatted(nodes, gpusPerNode, slotsPerGpu));
    }
    int links = topology.linkPrice().size();
    int speeds = topology.gpuSpeed().size();
    if (links != 0
        && (links != nodes || topology.linkPrice().stream().anyMatch(row -> row.size() != links))) {
      throw new IllegalArgumentException("The prices are not %d x %d".formatted(nodes, nodes));
    }
    if (speeds != 0 && speeds != nodes * gpusPerNode) {
      throw new IllegalArgumentException(
          "%d speeds are not one for each of %d GPUs".formatted(speeds, nodes * gpusPerNode));
    }
  }

  /** Slots on a cluster whose links and GPUs are alike. */
  public SlotLayout(int nodes, int gpusPerNode, int slotsPerGpu) {
    this(nodes, gpusPerNode, slotsPerGpu, Topology.EVEN);
  }

  /** The same slots on a cluster with unequal links or GPUs. */
  public SlotLayout on(Topology unequal) {
    return new SlotLayout(nodes, gpusPerNode, slotsPerGpu, unequal);
  }

  /** The same cluster with another number of slots. */
  public SlotLayout withSlots(int slots) {
    return of(nodes, gpusPerNode, slots).on(topology);
  }

  /** The layout of {@code slots} slots spread evenly over the GPUs. */
  public static SlotLayout of(int nodes, int gpusPerNode, int slots) {
    int gpus = nodes * gpusPerNode;
    if (slots % gpus != 0) {
      throw new IllegalArgumentException(
          "Cannot spread %d slots evenly over %d GPUs; take a multiple of %d"
              .formatted(slots, gpus, gpus));
    }
    return new SlotLayout(nodes, gpusPerNode, slots / gpus);
  }

  /** All GPUs: the expert-parallel size. */
  public int gpus() {
    return nodes * gpusPerNode;
  }

  /** All slots of a layer. */
  public int slots() {
    return gpus() * slotsPerGpu;
  }

  /** Slots of a layer in one node. */
  public int slotsPerNode() {
    return gpusPerNode * slotsPerGpu;
  }

  /** The GPU a slot lives on. */
  public int gpuOfSlot(int slot) {
    return slot / slotsPerGpu;
  }

  /** The node a slot lives in. */
  public int nodeOfSlot(int slot) {
    return slot / slotsPerNode();
  }

  /**
   * Whether a GPU has a copy of an expert.
   *
   * @param slotToExpert shape [slots]: the expert in each slot
   */
  public boolean holds(int[] slotToExpert, int gpu, int expert) {
    for (int p = gpu * slotsPerGpu, end = p + slotsPerGpu; p < end; p++) {
      if (slotToExpert[p] == expert) {
        return true;
      }
    }
    return false;
  }
}
