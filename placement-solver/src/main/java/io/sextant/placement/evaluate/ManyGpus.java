package io.sextant.placement.evaluate;

import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.Transport;

/** For clusters of any size. */
final class ManyGpus extends VisitedGpus {
  private final SlotLayout layout;
  private final Transport transport;
  private final boolean once;
  private final int[] gpuOfSlot;
  private final int[] nodeOfSlot;
  private final long[] gpuStamp;
  private final long[] nodeStamp;
  private long stamp;

  ManyGpus(SlotLayout layout, Transport transport, long[] packed, int[] sent) {
    super(layout, packed, sent);
    this.layout = layout;
    this.transport = transport;
    this.once = transport != Transport.PER_EXPERT;
    this.gpuOfSlot = new int[layout.slots()];
    this.nodeOfSlot = new int[layout.slots()];
    for (int p = 0; p < layout.slots(); p++) {
      gpuOfSlot[p] = layout.gpuOfSlot(p);
      nodeOfSlot[p] = layout.nodeOfSlot(p);
    }
    this.gpuStamp = new long[layout.gpus()];
    this.nodeStamp = new long[layout.nodes()];
  }

  @Override
  void add(int[] slots, int rows, int topK, int sourceGpu, int base) {
    int source = sourceGpu / gpusPerNode;
    int i = 0;
    for (int r = 0; r < rows; r++) {
      stamp++;
      nodeStamp[source] = stamp;
      for (int end = i + topK; i < end; i++) {
        int slot = slots[i];
        int gpu = gpuOfSlot[slot];
        int node = nodeOfSlot[slot];
        boolean first = gpuStamp[gpu] != stamp;
        boolean nvlink =
            (first || !once) && BatchLinks.overNvlink(layout, transport, sourceGpu, gpu);
        packed[base + slot] +=
            BatchCounts.packed(node == source ? 0 : 1) + (nvlink ? BatchCounts.NVLINK : 0);
        gpus += first ? 1 : 0;
        gpuStamp[gpu] = stamp;
        if (nodeStamp[node] != stamp) {
          nodeStamp[node] = stamp;
          sent[sourceGpu * nodes + node]++;
          remoteNodes++;
        }
      }
    }
  }
}
