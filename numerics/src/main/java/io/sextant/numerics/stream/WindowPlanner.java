package io.sextant.numerics.stream;

import io.sextant.numerics.damage.DamageModel;
import io.sextant.numerics.damage.LayerLosses;
import io.sextant.numerics.damage.PruningPolicy;
import io.sextant.numerics.pruning.DensityPlanner;
import io.sextant.numerics.pruning.WidthPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Replays a stream as it would have been served: the neurons of a window are chosen from earlier
 * windows and judged on the window itself.
 */
public final class WindowPlanner {
  private final DensityPlanner planner;
  private final List<LayerLosses> layers;
  private final double budgetMicros;
  private final double hysteresis;

  /**
   * @param layers losses of the layers, in the planner's order and at its widths
   * @param budgetMicros maximum time of all products
   * @param hysteresis share by which the expected damage must fall before widths are changed
   */
  public WindowPlanner(
      DensityPlanner planner, List<LayerLosses> layers, double budgetMicros, double hysteresis) {
    this.planner = planner;
    this.layers = layers;
    this.budgetMicros = budgetMicros;
    this.hysteresis = hysteresis;
  }

  /**
   * Plans all windows from {@code from} on.
   *
   * @param from first planned window, at least 2: the choice needs the previous window, whose
   *     losses need the one before that
   */
  public List<WindowPlan> plan(PruningPolicy policy, int from) {
    int windows = layers.get(0).trace().windows().length;
    List<WindowPlan> plans = new ArrayList<>();
    List<Integer> kept = null;
    int[][] masks = null;
    for (int window = from; window < windows; window++) {
      if (!policy.prunes(window, from, windows - 1)) {
        plans.add(full(window));
        continue;
      }
      String action = "keep";
      if (kept == null || policy != PruningPolicy.STATIC) {
        WidthPlan best = best(window - 1);
        if (kept == null || best.damage() < (1 - hysteresis) * expected(window - 1, kept)) {
          action = kept == null || !kept.equals(best.kept()) ? "plan" : "keep";
          kept = best.kept();
        }
      }
      int[][] before = masks;
      if (masks == null || policy != PruningPolicy.STATIC) {
        masks = masks(window - 1, kept);
      }
      plans.add(pruned(window, action, kept, masks, before));
    }
    return plans;
  }

  /** The plan with the minimum expected damage within the budget, from the losses of a window. */
  private WidthPlan best(int window) {
    double[][] damage = new double[layers.size()][];
    for (int layer = 0; layer < damage.length; layer++) {
      LayerLosses losses = layers.get(layer);
      damage[layer] =
          Arrays.stream(losses.widths()).mapToDouble(w -> losses.damage(window, w)).toArray();
    }
    return DensityPlanner.within(planner.front(damage), budgetMicros);
  }

  private double expected(int window, List<Integer> kept) {
    double damage = 0;
    for (int layer = 0; layer < layers.size(); layer++) {
      damage += layers.get(layer).damage(window, kept.get(layer));
    }
    return damage;
  }

  private int[][] masks(int window, List<Integer> kept) {
    int[][] masks = new int[layers.size()][];
    for (int layer = 0; layer < masks.length; layer++) {
      masks[layer] = layers.get(layer).trace().best(window, kept.get(layer));
    }
    return masks;
  }

  private WindowPlan pruned(
      int window, String action, List<Integer> kept, int[][] masks, int[][] before) {
    List<Double> lost = new ArrayList<>();
    List<Integer> replaced = new ArrayList<>();
    double damage = 0;
    for (int layer = 0; layer < masks.length; layer++) {
      double ofLayer = layers.get(layer).trace().lost(window, masks[layer]);
      lost.add(ofLayer);
      damage += DamageModel.damage(ofLayer);
      replaced.add(before == null ? 0 : newcomers(masks[layer], before[layer]));
    }
    WidthPlan plan = new WidthPlan(kept, planner.time(kept), damage);
    return new WindowPlan(window, action, plan, lost, replaced, damage);
  }

  private WindowPlan full(int window) {
    List<Integer> all = new ArrayList<>();
    List<Double> lost = new ArrayList<>();
    List<Integer> replaced = new ArrayList<>();
    for (int layer = 0; layer < layers.size(); layer++) {
      all.add(planner.neurons(layer));
      lost.add(0.0);
      replaced.add(0);
    }
    return new WindowPlan(
        window, "full", new WidthPlan(all, planner.time(all), 0), lost, replaced, 0);
  }

  private static int newcomers(int[] mask, int[] before) {
    int count = 0;
    for (int neuron : mask) {
      if (Arrays.binarySearch(before, neuron) < 0) {
        count++;
      }
    }
    return count;
  }
}
