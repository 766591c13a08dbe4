package io.sextant.placement.view;

import io.sextant.placement.problem.LayerProblem;
import java.util.Arrays;

/** How many copies each expert gets. */
public final class CopyCounts {
  private CopyCounts() {}

  /**
   * Gives each slot beyond one per expert to the expert whose copies have most tokens. No expert
   * has a third copy before all have two: the more views there are, the fewer tokens find a view
   * that suits them (docs/evidence/serving.md).
   *
   * @return shape [experts]
   */
  public static int[] byLoad(LayerProblem problem) {
    int experts = problem.tokens().experts();
    double[] load = problem.load(experts);
    int[] copies = new int[experts];
    Arrays.fill(copies, 1);
    for (int given = experts; given < problem.layout().slots(); given++) {
      int limit = given / experts + 1;
      int best = -1;
      for (int e = 0; e < experts; e++) {
        if (copies[e] < limit && (best < 0 || load[e] / copies[e] > load[best] / copies[best])) {
          best = e;
        }
      }
      copies[best]++;
    }
    return copies;
  }

  /**
   * How many copies each expert has in a map.
   *
   * @param slotToExpert shape [slots]: the logical expert in each slot
   * @return shape [experts]
   */
  public static int[] of(int[] slotToExpert, int experts) {
    int[] copies = new int[experts];
    for (int e : slotToExpert) {
      copies[e]++;
    }
    return copies;
  }

  /** Whether no expert has more than two copies. */
  public static boolean atMostTwo(int[] copies) {
    return Arrays.stream(copies).allMatch(n -> n <= 2);
  }
}
