package io.sextant.numerics.pruning;

import io.sextant.schema.InvalidInputException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Chooses how many neurons each hidden layer keeps: the minimum damage within a time budget for all
 * products.
 *
 * <p>A product's time depends on the neurons kept before and after it. A chain is therefore walked
 * layer by layer, keeping for each width of the last layer its Pareto front of time and damage.
 * That is exact, because later products depend on the width of the last layer alone.
 */
public final class DensityPlanner implements Serializable {
  private static final long serialVersionUID = 1L;

  private final List<LayerChain> chains;
  private final List<int[]> widths;
  private final ShapeTimes times;

  /**
   * Creates a planner whose candidate widths follow from {@code densities}.
   *
   * @param densities densities to choose from, including 1
   * @param times times of the products; must hold every shape that the candidate widths lead to
   */
  public DensityPlanner(List<LayerChain> chains, double[] densities, ShapeTimes times) {
    this.chains = List.copyOf(chains);
    this.times = times;
    widths = new ArrayList<>();
    for (LayerChain chain : chains) {
      for (int i = 1; i <= chain.hidden(); i++) {
        widths.add(chain.candidates(i, densities));
      }
    }
  }

  /** Names of the hidden layers, in the order of a plan. */
  public List<String> layers() {
    List<String> layers = new ArrayList<>();
    for (LayerChain chain : chains) {
      for (int i = 1; i <= chain.hidden(); i++) {
        layers.add(chain.layer(i));
      }
    }
    return layers;
  }

  /** Number of neurons of a hidden layer, by its index in a plan. */
  public int neurons(int layer) {
    int[] candidates = widths.get(layer);
    return candidates[candidates.length - 1];
  }

  /** The numbers of neurons that a hidden layer may keep, ascending, by its index in a plan. */
  public int[] widths(int layer) {
    return widths.get(layer).clone();
  }

  /**
   * The time of all products if these neurons are kept.
   *
   * @throws InvalidInputException if the shape of a product was not measured
   */
  public ShapeTimes.Time time(List<Integer> kept) {
    ShapeTimes.Time time = ShapeTimes.Time.ZERO;
    int layer = 0;
    for (LayerChain chain : chains) {
      int inputs = chain.widths().get(0);
      for (int i = 1; i <= chain.hidden(); i++) {
        int outputs = kept.get(layer++);
        time = time.plus(times.of(chain.product(i, inputs, outputs)));
        inputs = outputs;
      }
      time = time.plus(last(chain, inputs));
    }
    return time;
  }

  private ShapeTimes.Time last(LayerChain chain, int inputs) {
    int last = chain.widths().size() - 1;
    return times.of(chain.product(last, inputs, chain.widths().get(last)));
  }

  /**
   * The Pareto front of plans: no other plan is better in both time and damage. Fastest first.
   *
   * @param damage damage, shape [hidden layers][candidate widths], in the order of {@link
   *     #widths(int)}
   */
  public List<WidthPlan> front(double[][] damage) {
    List<WidthPlan> all = List.of(new WidthPlan(List.of(), ShapeTimes.Time.ZERO, 0));
    int first = 0;
    for (LayerChain chain : chains) {
      List<WidthPlan> ofChain = chainFront(chain, first, damage);
      List<WidthPlan> joined = new ArrayList<>();
      for (WidthPlan a : all) {
        for (WidthPlan b : ofChain) {
          joined.add(join(a, b.kept(), b.time(), b.damage()));
        }
      }
      all = unbeaten(joined);
      first += chain.hidden();
    }
    return all;
  }

  private List<WidthPlan> chainFront(LayerChain chain, int first, double[][] damage) {
    List<List<WidthPlan>> ending = new ArrayList<>();
    for (int layer = first; layer < first + chain.hidden(); layer++) {
      int product = layer - first + 1;
      List<List<WidthPlan>> next = new ArrayList<>();
      int[] candidates = widths.get(layer);
      for (int w = 0; w < candidates.length; w++) {
        List<WidthPlan> plans = new ArrayList<>();
        if (layer == first) {
          plans.add(
              new WidthPlan(
                  List.of(candidates[w]),
                  times.of(chain.product(1, chain.widths().get(0), candidates[w])),
                  damage[layer][w]));
        } else {
          int[] before = widths.get(layer - 1);
          for (int v = 0; v < before.length; v++) {
            ShapeTimes.Time time = times.of(chain.product(product, before[v], candidates[w]));
            for (WidthPlan plan : ending.get(v)) {
              plans.add(join(plan, List.of(candidates[w]), time, damage[layer][w]));
            }
          }
        }
        next.add(unbeaten(plans));
      }
      ending = next;
    }
    List<WidthPlan> complete = new ArrayList<>();
    int[] lastWidths = widths.get(first + chain.hidden() - 1);
    for (int w = 0; w < lastWidths.length; w++) {
      ShapeTimes.Time time = last(chain, lastWidths[w]);
      for (WidthPlan plan : ending.get(w)) {
        complete.add(join(plan, List.of(), time, 0));
      }
    }
    return unbeaten(complete);
  }

  private static WidthPlan join(
      WidthPlan plan, List<Integer> kept, ShapeTimes.Time time, double damage) {
    List<Integer> all = new ArrayList<>(plan.kept());
    all.addAll(kept);
    return new WidthPlan(all, plan.time().plus(time), plan.damage() + damage);
  }

  private static List<WidthPlan> unbeaten(List<WidthPlan> plans) {
    plans.sort(
        Comparator.comparingDouble((WidthPlan plan) -> plan.time().median())
            .thenComparingDouble(WidthPlan::damage));
    List<WidthPlan> front = new ArrayList<>();
    for (WidthPlan plan : plans) {
      if (front.isEmpty() || plan.damage() < front.get(front.size() - 1).damage()) {
        front.add(plan);
      }
    }
    return front;
  }

  /**
   * The plan of a front with the minimum damage within this time; the fastest plan if none is
   * within it.
   */
  public static WidthPlan within(List<WidthPlan> front, double micros) {
    WidthPlan chosen = front.get(0);
    for (WidthPlan plan : front) {
      if (plan.time().median() <= micros) {
        chosen = plan;
      }
    }
    return chosen;
  }
}
