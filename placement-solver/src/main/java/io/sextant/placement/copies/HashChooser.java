package io.sextant.placement.copies;

import io.sextant.placement.problem.ReplicaChoice;
import io.sextant.placement.problem.SlotLayout;
import java.util.Arrays;

/**
 * Chooses among equal copies by {@link ReplicaChoice} of the row and the expert. Either all copies
 * are equal, or the copies in the source node are preferred.
 */
final class HashChooser implements CopyChooser {
  private static final int HASH_BITS = 31;

  private final int experts;

  /** Source GPUs that share a list; 0 if all share one. */
  private final int gpusPerList;

  /** Whether every list has one copy, so nothing is left to the hash. */
  private final boolean single;

  /**
   * Shape [lists x experts]: the start of the list of equal copies (32 bits), its length (16) and
   * the shift below (16). They share a long because look-ups dominate the time of a choice.
   */
  private final long[] list;

  /**
   * Shape [lists x experts]. For a remainder without a division: h / n is (h x magic) >>> shift for
   * every hash h of 31 bits, with magic = ceil(2^shift / n) and shift = 31 + ceil(log2 n)
   * (Granlund, Montgomery 1994).
   */
  private final long[] magic;

  /** The lists, each in slot order. */
  private int[] slots = new int[64];

  private int size;
  private long row;

  private HashChooser(CopyTable copies, int lists, int gpusPerList) {
    this.experts = copies.experts();
    this.gpusPerList = gpusPerList;
    this.list = new long[lists * experts];
    this.magic = new long[lists * experts];
    this.single = copies.slot().length == experts;
  }

  /** Any copy, uniformly. */
  static HashChooser ofAll(CopyTable copies) {
    HashChooser chooser = new HashChooser(copies, 1, 0);
    for (int expert = 0; expert < chooser.experts; expert++) {
      chooser.put(expert, copies.slotsOf(expert));
    }
    return chooser;
  }

  /** A copy in the source node if there is one, else any. */
  static HashChooser ofNode(CopyTable copies, SlotLayout layout) {
    HashChooser chooser = new HashChooser(copies, layout.nodes(), layout.gpusPerNode());
    for (int expert = 0; expert < chooser.experts; expert++) {
      int[] all = copies.slotsOf(expert);
      for (int n = 0; n < layout.nodes(); n++) {
        int node = n;
        int[] here = Arrays.stream(all).filter(slot -> layout.nodeOfSlot(slot) == node).toArray();
        chooser.put(node * chooser.experts + expert, here.length == 0 ? all : here);
      }
    }
    return chooser;
  }

  private void put(int at, int[] equal) {
    int n = equal.length;
    if (size + n > slots.length) {
      slots = Arrays.copyOf(slots, 2 * (slots.length + n));
    }
    System.arraycopy(equal, 0, slots, size, n);
    int shift = HASH_BITS + Integer.SIZE - Integer.numberOfLeadingZeros(n - 1);
    list[at] = (long) size << 32 | (long) n << 16 | shift;
    magic[at] = ((1L << shift) + n - 1) / n;
    size += n;
  }

  private static int first(long entry) {
    return (int) (entry >>> 32);
  }

  private static int length(long entry) {
    return (int) entry >>> 16;
  }

  @Override
  public void choose(short[] ids, int from, int rows, int topK, int sourceGpu, int[] into) {
    int base = gpusPerList == 0 ? 0 : sourceGpu / gpusPerList * experts;
    if (single) {
      row += rows;
      for (int i = 0; i < rows * topK; i++) {
        into[i] = slots[first(list[base + ids[from + i]])];
      }
      return;
    }
    // A single copy needs no hash, but a branch costs more than the hash.
    int i = 0;
    for (int r = 0; r < rows; r++, row++) {
      for (int k = 0; k < topK; k++, i++) {
        int expert = ids[from + i];
        int at = base + expert;
        int hash = ReplicaChoice.hash(row, expert);
        long entry = list[at];
        // A shift takes the lowest six bits alone, which are the entry's.
        int quotient = (int) ((hash * magic[at]) >>> entry);
        into[i] = slots[first(entry) + hash - quotient * length(entry)];
      }
    }
  }
}
