package io.sextant.placement.evaluate;

import io.sextant.placement.problem.ReplicaChoice;
import java.util.Arrays;

/**
 * Which copies of its experts a token uses, looked up by the node it starts from: a copy on that
 * node if there is one, else one of the others; {@link ReplicaChoice} decides among equals.
 */
final class CopyChoices {
  private static final int HASH_BITS = 31;

  private final int experts;

  /** Whether every list has one copy, so nothing is left to the hash. */
  private final boolean single;

  /**
   * Shape [nodes x experts]: the start of the list of equal copies (32 bits), its length (16) and
   * the shift below (16). They share a long because look-ups dominate the time of a choice.
   */
  private final long[] list;

  /**
   * Shape [nodes x experts]. For a remainder without a division: h / n is (h x magic) >>> shift for
   * every hash h of 31 bits, with magic = ceil(2^shift / n) and shift = 31 + ceil(log2 n)
   * (Granlund, Montgomery 1994).
   */
  private final long[] magic;

  /** The lists, each in slot order. */
  private int[] slots = new int[64];

  private int size;

  /**
   * @param nodeOfSlot shape [slots]
   */
  CopyChoices(CopyTable copies, int[] nodeOfSlot, int nodes) {
    this.experts = copies.start().length - 1;
    this.list = new long[nodes * experts];
    this.magic = new long[nodes * experts];
    for (int expert = 0; expert < experts; expert++) {
      int from = copies.start()[expert];
      int[] all = Arrays.copyOfRange(copies.slot(), from, copies.start()[expert + 1]);
      for (int node = 0; node < nodes; node++) {
        int[] here = on(node, all, nodeOfSlot);
        put(node * experts + expert, here.length == 0 ? all : here);
      }
    }
    this.single = Arrays.stream(list).allMatch(entry -> length(entry) == 1);
  }

  private static int[] on(int node, int[] slots, int[] nodeOfSlot) {
    return Arrays.stream(slots).filter(slot -> nodeOfSlot[slot] == node).toArray();
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

  /**
   * @param row index of the token within its file
   * @param into shape [at least topK]: the slot of each of the token's experts
   */
  void choose(short[] ids, int from, int topK, int sourceNode, long row, int[] into) {
    int base = sourceNode * experts;
    if (single) {
      for (int k = 0; k < topK; k++) {
        into[k] = slots[first(list[base + ids[from + k]])];
      }
      return;
    }
    // A single copy needs no hash, but a branch costs more than the hash.
    for (int k = 0; k < topK; k++) {
      int expert = ids[from + k];
      int at = base + expert;
      int hash = ReplicaChoice.hash(row, expert);
      long entry = list[at];
      // A shift takes the lowest six bits alone, which are the entry's.
      int quotient = (int) ((hash * magic[at]) >>> entry);
      into[k] = slots[first(entry) + hash - quotient * length(entry)];
    }
  }
}
