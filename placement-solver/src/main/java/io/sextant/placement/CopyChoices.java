package io.sextant.placement;

import java.util.Arrays;

/**
 * Which copies of its experts a token uses, looked up by the node it starts from: a copy on that
 * node if there is one, else one of the others; {@link ReplicaChoice} decides among equals.
 */
final class CopyChoices {
  private static final int HASH_BITS = 31;

  private final int experts;

  /** Whether no expert has a choice anywhere. */
  private final boolean single;

  /** Shape [nodes x experts], like the three below: where the list of equal copies begins. */
  private final int[] first;

  private final int[] length;

  /**
   * For a remainder without a division: h / n is (h x magic) >>> shift for every hash h of 31 bits,
   * with magic = ceil(2^shift / n) and shift = 31 + ceil(log2 n) (Granlund, Montgomery 1994).
   */
  private final long[] magic;

  private final int[] shift;

  /** The lists, each in slot order. */
  private int[] slots = new int[64];

  private int size;

  /**
   * @param nodeOfSlot shape [slots]
   */
  CopyChoices(CopyTable copies, int[] nodeOfSlot, int nodes) {
    this.experts = copies.start().length - 1;
    this.first = new int[nodes * experts];
    this.length = new int[nodes * experts];
    this.magic = new long[nodes * experts];
    this.shift = new int[nodes * experts];
    for (int expert = 0; expert < experts; expert++) {
      int from = copies.start()[expert];
      int[] all = Arrays.copyOfRange(copies.slot(), from, copies.start()[expert + 1]);
      for (int node = 0; node < nodes; node++) {
        int[] here = on(node, all, nodeOfSlot);
        put(node * experts + expert, here.length == 0 ? all : here);
      }
    }
    this.single = Arrays.stream(length).allMatch(n -> n == 1);
  }

  private static int[] on(int node, int[] slots, int[] nodeOfSlot) {
    return Arrays.stream(slots).filter(slot -> nodeOfSlot[slot] == node).toArray();
  }

  private void put(int at, int[] list) {
    if (size + list.length > slots.length) {
      slots = Arrays.copyOf(slots, 2 * (slots.length + list.length));
    }
    System.arraycopy(list, 0, slots, size, list.length);
    first[at] = size;
    length[at] = list.length;
    shift[at] = HASH_BITS + Integer.SIZE - Integer.numberOfLeadingZeros(list.length - 1);
    magic[at] = ((1L << shift[at]) + list.length - 1) / list.length;
    size += list.length;
  }

  /**
   * @param row index of the token within its file
   * @param into shape [at least topK]: the slot of each of the token's experts
   */
  void choose(short[] ids, int from, int topK, int sourceNode, long row, int[] into) {
    int base = sourceNode * experts;
    if (single) {
      for (int k = 0; k < topK; k++) {
        into[k] = slots[first[base + ids[from + k]]];
      }
      return;
    }
    // The hash is not needed where there is one copy, but asking first costs more than computing.
    for (int k = 0; k < topK; k++) {
      int expert = ids[from + k];
      int at = base + expert;
      int hash = ReplicaChoice.hash(row, expert);
      int quotient = (int) ((hash * magic[at]) >>> shift[at]);
      into[k] = slots[first[at] + hash - quotient * length[at]];
    }
  }
}
