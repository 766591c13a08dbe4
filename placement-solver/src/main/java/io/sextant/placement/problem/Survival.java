package io.sextant.placement.problem;

/**
 * The hardware of which any unit may fail without the loss of an expert: every expert has copies in
 * two units.
 *
 * @param slotsPerUnit consecutive slots of a GPU or of a node; 0 if experts may be lost
 */
public record Survival(int slotsPerUnit) {
  /** Experts may be lost. */
  public static final Survival NONE = new Survival(0);

  /** Whether an expert outlives every unit, by the first and the last of its slots. */
  public boolean keeps(int first, int last) {
    return slotsPerUnit == 0 || first / slotsPerUnit != last / slotsPerUnit;
  }

  /**
   * Whether every expert of a map outlives every unit.
   *
   * @param slotToExpert shape [slots]
   */
  public boolean keepsAll(int[] slotToExpert, int experts) {
    if (slotsPerUnit == 0) {
      return true;
    }
    int[] first = new int[experts];
    int[] last = new int[experts];
    for (int p = slotToExpert.length - 1; p >= 0; p--) {
      first[slotToExpert[p]] = p;
    }
    for (int p = 0; p < slotToExpert.length; p++) {
      last[slotToExpert[p]] = p;
    }
    for (int e = 0; e < experts; e++) {
      if (!keeps(first[e], last[e])) {
        return false;
      }
    }
    return true;
  }
}
