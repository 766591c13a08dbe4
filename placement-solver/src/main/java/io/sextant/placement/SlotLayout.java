package io.sextant.placement;

import java.io.Serializable;

/**
 * The physical slots of one layer: slot {@code p} lives on GPU {@code p / slotsPerGpu}, GPU {@code
 * g} in node {@code g / gpusPerNode}.
 *
 * @param nodes machines joined by the slow links
 * @param gpusPerNode GPUs in a machine
 * @param slotsPerGpu experts a GPU holds of one layer
 */
public record SlotLayout(int nodes, int gpusPerNode, int slotsPerGpu) implements Serializable {

  public SlotLayout {
    if (nodes < 1 || gpusPerNode < 1 || slotsPerGpu < 1) {
      throw new IllegalArgumentException(
          "Nodes (%d), GPUs per node (%d) and slots per GPU (%d) must be positive"
              .formatted(nodes, gpusPerNode, slotsPerGpu));
    }
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
}
