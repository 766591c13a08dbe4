package io.sextant.jobs.report.data;

import java.util.Map;

/** The report's data about products and kernels. */
public final class PrecisionData {

  /**
   * A matrix product of the model.
   *
   * @param errors predicted relative Frobenius error of each recipe
   * @param gaussian error with N(0,1) operands
   * @param safe whether the error of every recipe is within the limit
   * @param hazards reasons against FP8 for this product; may be empty
   * @param mods adaptations of the model; may be empty
   */
  public record Product(
      String site,
      Map<String, Double> errors,
      Double gaussian,
      boolean safe,
      String hazards,
      String mods) {}

  /**
   * The kernel for a product at a number of tokens.
   *
   * @param micros time in microseconds, including the conversion of the activations
   * @param speedup speedup over BF16
   * @param error relative Frobenius error
   * @param losers the reason for each kernel that was not chosen
   */
  public record Kernel(
      String site,
      int tokens,
      String recipe,
      String library,
      Double micros,
      Double speedup,
      Double error,
      String losers) {}

  private PrecisionData() {}
}
