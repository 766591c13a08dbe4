package io.sextant.gpu.validate;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.gpu.RealCuts;
import io.sextant.gpu.attention.DeviceAttention;
import io.sextant.gpu.cuda.CudaDevices;
import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.gemm.GemmBench;
import io.sextant.gpu.gemm.KernelRun;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.kernel.ModsKernels;
import io.sextant.gpu.library.CublasLt;
import io.sextant.gpu.library.CusparseLt;
import io.sextant.numerics.attention.AttentionErrors;
import io.sextant.numerics.gemm.GemmInput;
import io.sextant.numerics.gemm.GemmSite;
import io.sextant.numerics.gemm.Recipe;
import io.sextant.numerics.probe.SiteTensors;
import io.sextant.numerics.probe.TensorErrors;
import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.util.List;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Tests that need a GPU; reported as skipped if there is none. */
@EnabledIf(value = "gpuIsThere", disabledReason = "no CUDA device on this machine")
class DeviceTest {
  static boolean gpuIsThere() {
    try {
      return !CudaDevices.list().devices().isEmpty();
    } catch (InvalidInputException e) {
      return false;
    }
  }

  @Test
  void conversionsAreThoseOfTheEmulation() {
    try (Kernels kernels = Kernels.open(0);
        CudaStream stream = new CudaStream()) {
      assertThat(new ConversionChecks(kernels, stream).run()).allMatch(Check::passed);
    }
  }

  @Test
  void realProductsHaveTheErrorOfTheEmulation() throws IOException {
    try (Kernels kernels = Kernels.open(0);
        CublasLt library = new CublasLt();
        TensorGemm gemm = new TensorGemm(kernels, library)) {
      for (SiteTensors site : RealCuts.tensors()) {
        assertThat(TensorErrors.of(site, "cublaslt", Recipe.dense(), gemm::cublasLt))
            .allMatch(TensorErrors.Row::agrees);
      }
    }
  }

  @Test
  void plantedFaultsAreCaught() throws IOException {
    try (Kernels kernels = Kernels.open(0);
        CublasLt library = new CublasLt();
        TensorGemm gemm = new TensorGemm(kernels, library)) {
      assertThat(PlantedFaults.run(kernels, gemm, RealCuts.tensors().get(0)))
          .hasSize(3)
          .allMatch(Check::passed);
    }
  }

  @Test
  void packedOperandsAreThoseOfTheEmulationAndOfTheLibrary() {
    try (Kernels kernels = Kernels.open(0);
        CudaStream stream = new CudaStream();
        CusparseLt library = new CusparseLt()) {
      assertThat(new Sparse24Checks(kernels, library, stream).run()).allMatch(Check::passed);
    }
  }

  @Test
  void aRealProductWithA24OperandHasTheErrorOfTheEmulation() throws IOException {
    SiteTensors site = RealCuts.afterSquaredRelu();
    try (Kernels kernels = Kernels.open(0);
        CublasLt library = new CublasLt();
        CusparseLt sparse = new CusparseLt();
        TensorGemm gemm = new TensorGemm(kernels, library)) {
      assertThat(
              TensorErrors.of(
                  site,
                  "cusparselt",
                  List.of(Recipe.BF16_SPARSE24, Recipe.E4M3_SPARSE24),
                  (recipe, tensors) -> gemm.cusparseLt(sparse, recipe, tensors)))
          .allMatch(TensorErrors.Row::agrees);
    }
  }

  @Test
  void attentionIsAsExactAsBf16Allows() {
    try (Kernels kernels = Kernels.open(0);
        CudaStream stream = new CudaStream()) {
      for (AttentionErrors.Case one : AttentionErrors.cases(12, 3)) {
        assertThat(AttentionErrors.run(one, 3, new DeviceAttention(kernels.attention(), stream)))
            .matches(AttentionErrors.Row::passed);
      }
    }
  }

  @Test
  void fusedNormAndActivationIsAsExactAsTheSteps() {
    try (Kernels kernels = Kernels.open(0);
        CudaStream stream = new CudaStream()) {
      for (ModsKernels.Between between : ModsKernels.Between.values()) {
        ModsBench.Result result = new ModsBench(kernels, stream).run(between, 256, 1024);
        assertThat(result.fusedError()).isLessThanOrEqualTo(1.01 * result.stepsError());
      }
    }
  }

  @Test
  void aRefusedProductLeavesNoMemoryTaken() {
    // The library needs rows of a multiple of 16 bytes; 100 outputs in BF16 are not.
    GemmSite odd = new GemmSite("odd", 100, 4096, GemmInput.BEFORE_SQUARED_RELU);
    try (Kernels kernels = Kernels.open(0);
        CublasLt library = new CublasLt();
        CusparseLt sparse = new CusparseLt();
        GemmBench bench = new GemmBench(library, sparse, kernels, 3, 1)) {
      // Libraries and kernels keep the memory that they allocate at their first call.
      List<KernelRun> runs = bench.run(odd, 1 << 14);
      assertThat(runs.subList(runs.size() - 2, runs.size()))
          .allMatch(run -> run.recipe().sparse24() && run.refusal() != null);
      long before = freeBytes();
      for (int i = 0; i < 4; i++) {
        bench.run(odd, 1 << 14);
      }
      // The compressed operand of each has 38 or 75 MB.
      assertThat(before - freeBytes()).isLessThan(32L << 20);
    }
  }

  private static long freeBytes() {
    long[] free = new long[1];
    assertThat(JCudaDriver.cuMemGetInfo(free, new long[1])).isZero();
    return free[0];
  }
}
