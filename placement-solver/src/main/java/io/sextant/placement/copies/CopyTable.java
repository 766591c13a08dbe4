package io.sextant.placement.copies;

import java.util.Arrays;

/**
 * The slots of each expert's copies, ascending.
 *
 * @param start shape [experts + 1]: copies of expert e are {@code slot[start[e]..start[e + 1])}
 * @param slot shape [slots that hold an expert]
 */
public record CopyTable(int[] start, int[] slot) {
  /** In place of an expert: the slot holds none, because its GPU is lost. */
  public static final int EMPTY = -1;

  /**
   * @param slotToExpert the logical expert in each physical slot, or {@link #EMPTY}
   * @throws IllegalArgumentException if an expert has no slot or an id is out of range
   */
  public static CopyTable of(int[] slotToExpert, int experts) {
    int[] start = new int[experts + 1];
    for (int expert : slotToExpert) {
      if (expert == EMPTY) {
        continue;
      }
      if (expert < 0 || expert >= experts) {
        throw new IllegalArgumentException(
            "Expert %d is not one of 0..%d".formatted(expert, experts - 1));
      }
      start[expert + 1]++;
    }
    for (int e = 0; e < experts; e++) {
      if (start[e + 1] == 0) {
        throw new IllegalArgumentException("Expert %d has no slot".formatted(e));
      }
      start[e + 1] += start[e];
    }
    int[] next = Arrays.copyOf(start, experts);
    int[] slot = new int[start[experts]];
    for (int p = 0; p < slotToExpert.length; p++) {
      if (slotToExpert[p] != EMPTY) {
        slot[next[slotToExpert[p]]++] = p;
      }
    }
    return new CopyTable(start, slot);
  }

  /** How many logical experts there are. */
  public int experts() {
    return start.length - 1;
  }

  /** How many copies an expert has, at least 1. */
  public int copies(int expert) {
    return start[expert + 1] - start[expert];
  }

  /** The slots of an expert's copies, ascending. */
  public int[] slotsOf(int expert) {
    return Arrays.copyOfRange(slot, start[expert], start[expert + 1]);
  }
}
