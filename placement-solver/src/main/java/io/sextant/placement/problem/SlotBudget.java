package io.sextant.placement.problem;

import java.util.Arrays;

/**
 * Deals a total of slots out to layers, more to those whose plans gain most from them (as CRAFT
 * does with replicas). Exact, by dynamic programming over layers.
 */
public final class SlotBudget {
  private SlotBudget() {}

  /**
   * @param sizes shape [choices]: the slots a layer may have
   * @param objective shape [layers][choices]: the objective of a layer's plan of that size; less is
   *     better
   * @param total slots of all layers together, at most
   * @return shape [layers]: the choice of each layer; of equally good ones that with fewer slots in
   *     earlier layers
   * @throws IllegalArgumentException if even the smallest sizes exceed the total
   */
  public static int[] choose(int[] sizes, double[][] objective, int total) {
    int layers = objective.length;
    int[][] choice = new int[layers][total + 1];
    double[] best = new double[total + 1];
    // From the last layer to the first, so that the answer is read off in order.
    for (int l = layers - 1; l >= 0; l--) {
      double[] with = new double[total + 1];
      Arrays.fill(with, Double.POSITIVE_INFINITY);
      for (int left = 0; left <= total; left++) {
        choice[l][left] = -1;
        for (int c = 0; c < sizes.length; c++) {
          if (sizes[c] <= left && objective[l][c] + best[left - sizes[c]] < with[left]) {
            with[left] = objective[l][c] + best[left - sizes[c]];
            choice[l][left] = c;
          }
        }
      }
      best = with;
    }
    if (layers > 0 && choice[0][total] < 0) {
      throw new IllegalArgumentException(
          "%d slots are too few for %d layers".formatted(total, layers));
    }
    int[] chosen = new int[layers];
    for (int l = 0, left = total; l < layers; l++) {
      chosen[l] = choice[l][left];
      left -= sizes[chosen[l]];
    }
    return chosen;
  }
}
