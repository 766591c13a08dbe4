package io.sextant.gpu.validate;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.cuda.DeviceResources;
import io.sextant.gpu.kernel.GroupedGemm;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.kernel.Sparse24Kernels;
import io.sextant.gpu.library.CublasLt;
import io.sextant.gpu.library.CusparseLt;
import io.sextant.gpu.library.Matmul;
import io.sextant.gpu.library.SparseMatmul;
import io.sextant.gpu.library.Workspace;
import io.sextant.numerics.gemm.GemmInput;
import io.sextant.numerics.gemm.Recipe;
import io.sextant.numerics.probe.SiteTensors;

/**
 * Calculates products of real operands on the device under any recipe. Features and outputs are
 * padded with zeros, which changes neither scales nor outputs.
 */
public final class TensorGemm implements AutoCloseable {
  private static final long WORKSPACE_BYTES = 32L << 20;

  private final Kernels kernels;
  private final CublasLt library;
  private final CudaStream stream;
  private final Workspace workspace;
  private final DeviceResources resources = new DeviceResources();

  /** Creates a calculator; the caller closes both arguments. */
  public TensorGemm(Kernels kernels, CublasLt library) {
    this.kernels = kernels;
    this.library = library;
    try {
      stream = resources.hold(new CudaStream());
      workspace = Workspace.of(resources.buffer(WORKSPACE_BYTES));
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  /** Outputs [tokens, out] of cuBLASLt's first proposal for a recipe. */
  public float[] cublasLt(Recipe recipe, SiteTensors site) {
    try (TensorOperands operands = new TensorOperands(kernels, stream, site, recipe)) {
      try (Matmul matmul = operands.matmul(library, workspace)) {
        matmul.start(
            0,
            operands.weightData().address(),
            operands.tokenData().address(),
            operands.target().address(),
            stream.address());
      }
      return operands.outputs();
    }
  }

  /** Outputs of our grouped kernel with all tokens at one expert, in BF16 or E4M3 by row. */
  public float[] grouped(boolean e4m3, GroupedGemm kernel, SiteTensors site) {
    Recipe recipe = e4m3 ? Recipe.E4M3_ROW : Recipe.BF16;
    try (TensorOperands operands = new TensorOperands(kernels, stream, site, recipe)) {
      GroupedGemm.Projection projection =
          new GroupedGemm.Projection(
              e4m3,
              operands.weightData(),
              operands.tokenData(),
              operands.target(),
              operands.weightScales(),
              operands.tokenScales(),
              1,
              operands.out(),
              operands.k());
      try (GroupedGemm.Launch launch = kernel.prepare(projection, new int[] {site.tokens()})) {
        launch.start(stream);
        return operands.outputs();
      }
    }
  }

  /**
   * Outputs of our packing kernel and cuSPARSELt's first kernel.
   *
   * @param recipe a recipe with a 2:4 operand
   * @param site a product whose activations are not negative and whose number of tokens is a
   *     multiple of 64
   */
  public float[] cusparseLt(CusparseLt sparseLibrary, Recipe recipe, SiteTensors site) {
    Sparse24Kernels pack = kernels.sparse24(GemmInput.ACTIVATIONS);
    try (TensorOperands operands = new TensorOperands(kernels, stream, site, recipe);
        DeviceBuffer compressed =
            new DeviceBuffer(
                Sparse24Kernels.compressedBytes(
                    site.tokens(), operands.k(), recipe.fp8() ? 1 : Short.BYTES))) {
      Sparse24Kernels.Operand packed =
          new Sparse24Kernels.Operand(operands.tokens(), site.tokens(), operands.k(), compressed);
      if (recipe.fp8()) {
        pack.calibrate(stream, operands.tokens(), operands.amax());
        pack.packE4m3(stream, packed, operands.amax(), operands.tokenScales());
      } else {
        pack.packBf16(stream, packed);
      }
      try (SparseMatmul matmul = sparseMatmul(sparseLibrary, recipe, operands)) {
        matmul.start(
            0,
            compressed.address(),
            operands.weightData().address(),
            operands.target().address(),
            stream.address());
        stream.synchronize();
      }
      return operands.outputs();
    }
  }

  private SparseMatmul sparseMatmul(
      CusparseLt sparseLibrary, Recipe recipe, TensorOperands operands) {
    if (!recipe.fp8()) {
      return SparseMatmul.bf16(sparseLibrary, operands.shape(), workspace);
    }
    float factor = operands.tokenScales().toFloats(1)[0] * operands.weightScales().toFloats(1)[0];
    return SparseMatmul.e4m3(sparseLibrary, operands.shape(), factor, workspace);
  }

  @Override
  public void close() {
    resources.close();
  }
}
