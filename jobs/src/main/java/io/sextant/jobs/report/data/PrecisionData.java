package io.sextant.jobs.report.data;

import java.util.Map;

/** What the report shows of products and kernels. */
public final class PrecisionData {

  /**
   * A matrix product of the model.
   *
   * @param errors predicted relative Frobenius error of each recipe
   * @param gaussian what N(0,1) operands would give
   * @param safe whether every recipe keeps to the error
   * @param hazards what speaks against FP8 here; may be empty
   * @param mods what to change; may be empty
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
   * @param micros with the conversion of the activations
   * @param speedup over BF16
   * @param error relative Frobenius
   * @param losers why each other kernel was not taken
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
