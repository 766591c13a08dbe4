package io.sextant.placement.evaluate;

import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.Transport;

/** For clusters whose GPUs, and with them nodes, are bits of a long. */
final class FewGpus extends VisitedGpus {
  /** Shape [gpus]: for each source GPU, the GPUs that its rows do not reach over NVLink. */
  private final long[] without;

  /** All ones if a GPU gets a row over NVLink only once. */
  private final long once;

  FewGpus(SlotLayout layout, Transport transport, long[] packed, int[] sent) {
    super(layout, packed, sent);
    this.without = new long[layout.gpus()];
    for (int source = 0; source < without.length; source++) {
      for (int g = 0; g < without.length; g++) {
        if (!BatchLinks.overNvlink(layout, transport, source, g)) {
          without[source] |= 1L << g;
        }
      }
    }
    this.once = transport == Transport.PER_EXPERT ? 0 : -1;
  }

  /** Branch-free per choice: such branches would be unpredictable. */
  @Override
  void add(int[] slots, int rows, int topK, int sourceGpu, int base) {
    int source = sourceGpu / gpusPerNode;
    int links = sourceGpu * nodes;
    long ownNode = 1L << source;
    long start = without[sourceGpu];
    int i = 0;
    for (int r = 0; r < rows; r++) {
      long gpuBits = 0;
      long nodeBits = ownNode;
      long taken = start;
      for (int end = i + topK; i < end; i++) {
        int slot = slots[i];
        int gpu = gpuOfSlot[slot];
        int node = nodeOfSlot[slot];
        long bit = 1L << gpu;
        packed[base + slot] += BatchCounts.packed(node == source ? 0 : 1, ~(taken >>> gpu) & 1);
        taken |= bit & once;
        gpuBits |= bit;
        nodeBits |= 1L << node;
      }
      gpus += Long.bitCount(gpuBits);
      nodeBits ^= ownNode;
      remoteNodes += Long.bitCount(nodeBits);
      for (; nodeBits != 0; nodeBits &= nodeBits - 1) {
        sent[links + Long.numberOfTrailingZeros(nodeBits)]++;
      }
    }
  }
}
