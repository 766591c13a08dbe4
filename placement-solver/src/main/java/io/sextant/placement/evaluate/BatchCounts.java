package io.sextant.placement.evaluate;

import io.sextant.placement.problem.SlotLayout;
import io.sextant.schema.spec.Transport;
import java.util.Arrays;

/**
 * What the rows of the batch at hand do to slots and links.
 *
 * <p>The innermost loop adds to one number per choice: the rows of a slot, those of them from other
 * nodes, and those that reach the slot's GPU over NVLink, in 21 bits each. It is unpacked before a
 * field can overflow and at the end of the batch. Rows of different lanes are kept apart; see
 * {@link BatchLinks#lanes}.
 */
final class BatchCounts {
  private static final int FIELD = 21;
  private static final long MASK = (1L << FIELD) - 1;

  /** What a choice that reaches its GPU over NVLink adds to the packed number. */
  static final long NVLINK = 1L << (2 * FIELD);

  private static final int MOST_PACKED_ROWS = 1 << (FIELD - 1);

  private final SlotLayout layout;
  private final VisitedGpus visited;
  private final BatchLinks links;

  /** Shape [lanes x slots]. */
  private final long[] packed;

  private int packedRows;
  private final long[] slotLoad;
  private long rows;
  private long remoteSends;

  BatchCounts(SlotLayout layout, Transport transport) {
    this.layout = layout;
    this.links = new BatchLinks(layout, transport);
    this.packed = new long[links.lanes() * layout.slots()];
    this.visited =
        layout.gpus() <= Long.SIZE
            ? new FewGpus(layout, transport, packed, links.sent())
            : new ManyGpus(layout, transport, packed, links.sent());
    this.slotLoad = new long[layout.slots()];
  }

  /**
   * Counts rows that start from the same GPU.
   *
   * @param slots shape [at least rows x topK]: the slot of each choice
   * @param more number of rows, at most {@link #MOST_PACKED_ROWS}
   */
  void add(int[] slots, int more, int topK, int sourceGpu) {
    if (packedRows > MOST_PACKED_ROWS - more) {
      unpack();
    }
    visited.add(slots, more, topK, sourceGpu, links.lane(sourceGpu) * layout.slots());
    packedRows += more;
    rows += more;
  }

  /** The packed number of a choice on another node if {@code remote} is 1, on the same if 0. */
  static long packed(long remote) {
    return 1 | (remote << FIELD);
  }

  /** Brings the other figures up to date with the rows added so far. */
  void unpack() {
    int perGpu = layout.slotsPerGpu();
    for (int lane = 0, i = 0; lane < links.lanes(); lane++) {
      for (int g = 0, p = 0; g < layout.gpus(); g++) {
        long remote = 0;
        long nvlink = 0;
        for (int end = p + perGpu; p < end; p++, i++) {
          long counts = packed[i];
          slotLoad[p] += counts & MASK;
          remote += (counts >>> FIELD) & MASK;
          nvlink += counts >>> (2 * FIELD);
        }
        remoteSends += remote;
        links.add(lane, g, remote, nvlink);
      }
    }
    Arrays.fill(packed, 0);
    packedRows = 0;
  }

  /** Forgets all rows. */
  void clear() {
    if (packedRows > 0) {
      Arrays.fill(packed, 0);
      packedRows = 0;
    }
    Arrays.fill(slotLoad, 0);
    links.clear();
    visited.clear();
    rows = 0;
    remoteSends = 0;
  }

  long rows() {
    return rows;
  }

  /** Shape [slots]: rows that each slot computes; as of {@link #unpack}. */
  long[] slotLoad() {
    return slotLoad;
  }

  /** Choices on other nodes than the row's; as of {@link #unpack}. */
  long remoteSends() {
    return remoteSends;
  }

  /** Sum over rows of the other nodes that a row is sent to. */
  long remoteNodes() {
    return visited.remoteNodes();
  }

  /** Sum over rows of the GPUs that a row is sent to. */
  long gpus() {
    return visited.gpus();
  }

  /** What the links carry; as of {@link #unpack}. */
  BatchLinks links() {
    return links;
  }
}
