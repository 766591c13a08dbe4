package io.sextant.jobs.gpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.gpu.gemm.KernelRun;
import io.sextant.numerics.dispatch.KernelFigures;
import io.sextant.numerics.dispatch.Timing;
import io.sextant.numerics.gemm.ErrorFigures;
import io.sextant.numerics.gemm.GemmSite;
import io.sextant.numerics.gemm.Recipe;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The output if a library has no kernel for the product with which others are compared. */
class RefusedProductsTest {
  private static final String LIBRARY = "cublaslt 13.1.0";
  private static final String REFUSAL = "cublasLtMatmul failed with CUBLAS_STATUS_NOT_SUPPORTED";
  private static final GemmSite SITE = new GemmSite("mlp.up", 512, 2048);

  @Test
  void aRunHasNoSpeedupIfBf16WasRefused() {
    List<KernelRun> runs =
        List.of(refused(Recipe.BF16), ran(Recipe.E4M3_ROW, LIBRARY, 20), own(Recipe.BF16));
    Timing bf16 = KernelsCommand.bf16(runs);
    assertThat(bf16).isNull();
    assertThat(KernelsCommand.line("llama3-8b", runs.get(0), bf16)).endsWith(" " + REFUSAL);
    assertThat(KernelsCommand.line("llama3-8b", runs.get(1), bf16))
        .contains(" 20.0 us, speedup not available: the library refused BF16, error 0.0");
  }

  @Test
  void aSpeedupIsOverTheLibrarysBf16() {
    List<KernelRun> runs =
        List.of(
            own(Recipe.BF16),
            ran(Recipe.BF16, LIBRARY, 30),
            ran(Recipe.E4M3_ROW, LIBRARY, 20),
            refused(Recipe.E4M3_BLOCK));
    Timing bf16 = KernelsCommand.bf16(runs);
    assertThat(KernelsCommand.line("llama3-8b", runs.get(2), bf16)).contains(" 20.0 us,  1.50x, ");
    assertThat(KernelsCommand.line("llama3-8b", runs.get(3), bf16)).endsWith(" " + REFUSAL);
  }

  private static KernelRun refused(Recipe recipe) {
    return new KernelRun(SITE, 64, recipe, LIBRARY, -1, 0, 0, null, null, null, 0, REFUSAL);
  }

  private static KernelRun own(Recipe recipe) {
    return ran(recipe, KernelFigures.OWN, 40);
  }

  private static KernelRun ran(Recipe recipe, String library, double micros) {
    ErrorFigures error = ErrorFigures.of(new float[] {1, 2}, new float[] {1, 2});
    Timing timing = timing(micros);
    return new KernelRun(SITE, 64, recipe, library, 0, 1, 0, timing, timing, error, 0, null);
  }

  private static Timing timing(double micros) {
    return new Timing(micros, micros, micros, 11);
  }
}
