package io.sextant.gpu.gemm;

import io.sextant.numerics.dispatch.KernelFigures;
import io.sextant.numerics.dispatch.Timing;
import io.sextant.numerics.gemm.ErrorFigures;
import io.sextant.numerics.gemm.GemmSite;
import io.sextant.numerics.gemm.Recipe;

/**
 * Time and error of one kernel for one product.
 *
 * @param library library and version, for example {@code cublaslt 13.1.0}
 * @param algorithm the number of the library's proposal that was fastest; -1 if none ran
 * @param algorithmsTried number of its proposals that ran and gave correct results
 * @param algorithmsWrong number of its proposals that ran and gave wrong results
 * @param matmul time of the product alone; null if none ran
 * @param endToEnd time with the conversion of the activations, and with the squared ReLU if there
 *     is one
 * @param error error of sampled outputs, relative to sums in double of the BF16 operands
 * @param workspaceBytes bytes of memory beside operands and outputs that a package asks for
 * @param refusal reason why it did not run; null if it ran
 */
public record KernelRun(
    GemmSite site,
    int tokens,
    Recipe recipe,
    String library,
    int algorithm,
    int algorithmsTried,
    int algorithmsWrong,
    Timing matmul,
    Timing endToEnd,
    ErrorFigures error,
    long workspaceBytes,
    String refusal) {

  /** A kernel that did not run. */
  public static KernelRun refused(
      GemmSite site, int tokens, Recipe recipe, String library, int wrong, String refusal) {
    return new KernelRun(site, tokens, recipe, library, -1, 0, wrong, null, null, null, 0, refusal);
  }

  /**
   * The run as a line for {@code dispatch}.
   *
   * @param model name of the model that has the product
   * @param device name of the GPU
   */
  public KernelFigures figures(String model, String device) {
    boolean ran = refusal == null;
    return new KernelFigures(
        model,
        site.name(),
        site.out(),
        site.k(),
        tokens,
        recipe.id(),
        library,
        device,
        algorithm,
        algorithmsTried,
        algorithmsWrong,
        ran ? matmul.median() : null,
        ran ? endToEnd.median() : null,
        ran ? endToEnd.low() : null,
        ran ? endToEnd.high() : null,
        ran ? error.relativeFrobenius() : null,
        ran ? error.sqnrDb() : null,
        ran ? error.calcDiff() : null,
        ran ? error.mere() : null,
        ran ? error.mereFloor() : null,
        ran ? error.mereCount() : null,
        refusal,
        ran ? endToEnd.values() : null,
        ran && workspaceBytes > 0 ? workspaceBytes : null);
  }
}
