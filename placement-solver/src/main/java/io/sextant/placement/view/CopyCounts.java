package io.sextant.placement.view;

import io.sextant.placement.problem.LayerProblem;
import java.util.Arrays;

/** How many copies each expert gets. */
public final class CopyCounts {
  private CopyCounts() {}

  /**
   * Gives each slot beyond one per expert to the expert whose copies have most tokens.
   *
   * @return shape [experts]
   */
  public static int[] byLoad(LayerProblem problem) {
    int experts = problem.tokens().experts();
    int most = Math.min(TokenClasses.MOST_COPIES, problem.layout().nodes());
    int cap = Integer.getInteger("cap", most);
    double[] load = problem.load(experts);
    int[] copies = new int[experts];
    Arrays.fill(copies, 1);
    for (int extra = problem.layout().slots() - experts; extra > 0; extra--) {
      int best = -1;
      for (int e = 0; e < experts; e++) {
        if (copies[e] < cap && (best < 0 || load[e] / copies[e] > load[best] / copies[best])) {
          best = e;
        }
      }
      copies[best]++;
    }
    return copies;
  }
}
