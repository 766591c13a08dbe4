package io.sextant.placement.outage;

import io.sextant.placement.problem.SlotLayout;
import java.io.Serializable;

/**
 * Consecutive GPUs that failed or left.
 *
 * @param layout the cluster before
 * @param first the first of them
 * @param count number of them; 0 if none is lost
 */
public record LostGpus(SlotLayout layout, int first, int count) implements Serializable {

  public LostGpus {
    if (first < 0 || count < 0 || first + count > layout.gpus() || count == layout.gpus()) {
      throw new IllegalArgumentException(
          "GPUs %d to %d of %d leave none".formatted(first, first + count - 1, layout.gpus()));
    }
  }

  /** No GPU. */
  public static LostGpus none(SlotLayout layout) {
    return new LostGpus(layout, 0, 0);
  }

  /** All GPUs of a node. */
  public static LostGpus node(SlotLayout layout, int node) {
    return new LostGpus(layout, node * layout.gpusPerNode(), layout.gpusPerNode());
  }

  /** The last GPUs, with which vLLM's {@code scale_elastic_ep} begins. */
  public static LostGpus last(SlotLayout layout, int count) {
    return new LostGpus(layout, layout.gpus() - count, count);
  }

  public boolean has(int gpu) {
    return gpu >= first && gpu < first + count;
  }

  /** GPUs that are left. */
  public int left() {
    return layout.gpus() - count;
  }

  /**
   * The GPU on which a request runs then: its own, else one of its node, else any.
   *
   * @param gpu the GPU on which it ran
   * @param requestId spreads the requests evenly
   */
  public int survivor(int gpu, long requestId) {
    if (!has(gpu)) {
      return gpu;
    }
    int node = gpu / layout.gpusPerNode() * layout.gpusPerNode();
    int near = survivor(node, node + layout.gpusPerNode(), requestId);
    return near >= 0 ? near : survivor(0, layout.gpus(), requestId);
  }

  private int survivor(int from, int to, long requestId) {
    int before = Math.max(0, Math.min(first, to) - from);
    int after = Math.max(0, to - Math.max(first + count, from));
    if (before + after == 0) {
      return -1;
    }
    int chosen = (int) Math.floorMod(requestId, (long) before + after);
    return chosen < before ? from + chosen : to - after + chosen - before;
  }
}
