package io.sextant.placement.evaluate;

import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.Transport;

/** For clusters whose GPUs, and with them nodes, are bits of a long. */
final class FewGpus extends VisitedGpus {
  /** Shape [gpus]: for each source GPU, the GPUs that its rows do not reach over NVLink. */
  private final long[] without;

  /** All ones if a GPU gets a row over NVLink only once. */
  private final long once;

  /** Shape [slots]. */
  private final long[] gpuBit;

  /** Shape [slots]. */
  private final long[] nodeBit;

  /** Shape [nodes][slots]: the packed number of a choice, by the source's node. */
  private final long[][] choice;

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
    int slots = layout.slots();
    this.gpuBit = new long[slots];
    this.nodeBit = new long[slots];
    this.choice = new long[nodes][slots];
    for (int p = 0; p < slots; p++) {
      gpuBit[p] = 1L << layout.gpuOfSlot(p);
      int node = layout.nodeOfSlot(p);
      nodeBit[p] = 1L << node;
      for (int source = 0; source < nodes; source++) {
        choice[source][p] = BatchCounts.packed(node == source ? 0 : 1);
      }
    }
  }

  /** Branch-free per choice: such branches would be unpredictable. */
  @Override
  void add(int[] slots, int rows, int topK, int sourceGpu, int base) {
    int source = sourceGpu / gpusPerNode;
    int links = sourceGpu * nodes;
    long ownNode = 1L << source;
    long start = without[sourceGpu];
    long[] numbers = choice[source];
    long allGpus = 0;
    long allNodes = 0;
    int i = 0;
    for (int r = 0; r < rows; r++) {
      long gpuBits = 0;
      long nodeBits = ownNode;
      for (int end = i + topK; i < end; i++) {
        int slot = slots[i];
        long bit = gpuBit[slot];
        long taken = start | (gpuBits & once);
        packed[base + slot] += numbers[slot] + ((taken & bit) == 0 ? BatchCounts.NVLINK : 0);
        gpuBits |= bit;
        nodeBits |= nodeBit[slot];
      }
      allGpus += Long.bitCount(gpuBits);
      nodeBits ^= ownNode;
      allNodes += Long.bitCount(nodeBits);
      for (; nodeBits != 0; nodeBits &= nodeBits - 1) {
        sent[links + Long.numberOfTrailingZeros(nodeBits)]++;
      }
    }
    gpus += allGpus;
    remoteNodes += allNodes;
  }
}
