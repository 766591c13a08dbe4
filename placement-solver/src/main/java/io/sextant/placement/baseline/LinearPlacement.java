package io.sextant.placement.baseline;

/**
 * The engines' default: experts in the order of their ids; extra slots begin again with expert 0.
 */
public final class LinearPlacement {

  private LinearPlacement() {}

  /**
   * @return shape [slots]: the logical expert in each slot
   */
  public static int[] place(int experts, int slots) {
    int[] slotToExpert = new int[slots];
    for (int p = 0; p < slots; p++) {
      slotToExpert[p] = p % experts;
    }
    return slotToExpert;
  }
}
