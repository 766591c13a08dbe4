package io.sextant.placement.migration;

import java.util.Arrays;
import java.util.List;

/**
 * The map of every layer under one limit of moved slots for all of them.
 *
 * @param options one a layer
 */
public record MigrationPlan(List<LayerOption> options) {

  public MigrationPlan {
    options = List.copyOf(options);
  }

  /**
   * Shares a limit over the layers, so that the sum of their objectives is least: each layer's
   * options have prices and worths, and one of each is bought. Exact, by dynamic programming over
   * the number of slots spent (Kellerer, Pferschy and Pisinger 2004, multiple-choice knapsack).
   *
   * @param layers the options of each layer, by rising moved slots from 0
   * @param mostMovedSlots the limit over all layers
   */
  public static MigrationPlan within(List<List<LayerOption>> layers, long mostMovedSlots) {
    int limit = (int) Math.min(mostMovedSlots, largest(layers));
    double[] best = new double[limit + 1];
    int[][] chosen = new int[layers.size()][limit + 1];
    for (int l = 0; l < layers.size(); l++) {
      List<LayerOption> options = layers.get(l);
      double[] with = new double[limit + 1];
      Arrays.fill(with, Double.POSITIVE_INFINITY);
      for (int o = 0; o < options.size(); o++) {
        int moved = options.get(o).movedSlots();
        for (int spent = moved; spent <= limit; spent++) {
          double sum = best[spent - moved] + options.get(o).objective();
          if (sum < with[spent]) {
            with[spent] = sum;
            chosen[l][spent] = o;
          }
        }
      }
      best = with;
    }
    LayerOption[] plan = new LayerOption[layers.size()];
    int left = cheapest(best);
    for (int l = layers.size() - 1; l >= 0; l--) {
      plan[l] = layers.get(l).get(chosen[l][left]);
      left -= plan[l].movedSlots();
    }
    return new MigrationPlan(List.of(plan));
  }

  /** The fewest slots that give the least objective. */
  private static int cheapest(double[] best) {
    int cheapest = 0;
    for (int spent = 1; spent < best.length; spent++) {
      if (best[spent] < best[cheapest]) {
        cheapest = spent;
      }
    }
    return cheapest;
  }

  private static long largest(List<List<LayerOption>> layers) {
    return layers.stream().mapToLong(options -> options.get(options.size() - 1).movedSlots()).sum();
  }

  /** Moved slots of all layers. */
  public long movedSlots() {
    return options.stream().mapToLong(LayerOption::movedSlots).sum();
  }

  /** Shape [layers][slots]. */
  public int[][] slots() {
    return options.stream().map(LayerOption::slots).toArray(int[][]::new);
  }
}
