package io.sextant.numerics.dispatch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Chooses the kernels of all products of a model together: the minimum total time within a budget
 * of total error. Errors of different products are independent, so their squares add up.
 *
 * <p>This is a multiple-choice knapsack problem, solved exactly by extending the Pareto front of
 * time and squared error product by product.
 */
public final class GlobalDispatch {
  private final SiteDispatch site;
  private final double mostError;

  /**
   * @param site rules that decide which kernels are allowed for each product
   * @param mostError maximum root of the sum of the squared relative errors over the products
   */
  public GlobalDispatch(SiteDispatch site, double mostError) {
    this.site = site;
    this.mostError = mostError;
  }

  /**
   * A partial solution for the first products: total time, squared error, and the kernels chosen.
   */
  private record State(double micros, double squaredError, State before, KernelFigures kernel) {}

  /**
   * Chooses one kernel for each product.
   *
   * @param products kernels of each product, all at one number of tokens
   * @return choices in the order of the products; all BF16 if even BF16 exceeds the budget
   */
  public List<Choice> choose(List<List<KernelFigures>> products) {
    List<State> frontier = List.of(new State(0, 0, null, null));
    for (List<KernelFigures> kernels : products) {
      List<State> next = new ArrayList<>();
      for (KernelFigures kernel : site.allowed(kernels)) {
        double error = site.error(kernel);
        for (State state : frontier) {
          next.add(
              new State(
                  state.micros + kernel.endToEndUs(),
                  state.squaredError + error * error,
                  state,
                  kernel));
        }
      }
      frontier = unbeaten(next);
    }
    // Solutions are sorted, fastest first. If the budget is below the error of BF16, none fits, and
    // the most accurate one is taken.
    State best = frontier.get(frontier.size() - 1);
    for (State state : frontier) {
      if (state.squaredError <= mostError * mostError) {
        best = state;
        break;
      }
    }
    return choices(products, best);
  }

  /** The Pareto front by time: each solution has less error than all faster ones. */
  private static List<State> unbeaten(List<State> states) {
    states.sort(Comparator.comparingDouble(State::micros).thenComparingDouble(State::squaredError));
    List<State> kept = new ArrayList<>();
    double least = Double.POSITIVE_INFINITY;
    for (State state : states) {
      if (state.squaredError < least) {
        kept.add(state);
        least = state.squaredError;
      }
    }
    return kept;
  }

  private List<Choice> choices(List<List<KernelFigures>> products, State last) {
    List<Choice> choices = new ArrayList<>();
    State state = last;
    for (int i = products.size() - 1; i >= 0; i--) {
      KernelFigures chosen = state.kernel;
      List<Choice.Loser> losers =
          products.get(i).stream()
              .filter(kernel -> !kernel.equals(chosen))
              .map(kernel -> new Choice.Loser(kernel, "not in the fastest set within the budget"))
              .toList();
      choices.add(
          0,
          new Choice(
              chosen, site.error(chosen), SiteDispatch.libraryBf16(products.get(i)), losers));
      state = state.before;
    }
    return choices;
  }
}
