package io.sextant.gpu.gemm;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.cuda.DeviceResources;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.library.CublasLt;
import io.sextant.gpu.library.Matmul;
import io.sextant.gpu.library.ScaleMode;
import io.sextant.gpu.library.Workspace;
import io.sextant.numerics.gemm.Recipe;

/** cuBLASLt's product, in BF16 or E4M3. */
final class CublasCandidate implements Candidate {
  private final CublasLt cublasLt;
  private final CudaStream stream;
  private final Operands operands;
  private final ConvertedOperands converted;
  private final Matmul matmul;
  private final DeviceResources resources = new DeviceResources();

  CublasCandidate(
      CublasLt cublasLt,
      Kernels kernels,
      CudaStream stream,
      Operands operands,
      Recipe recipe,
      DeviceBuffer workspace) {
    this.cublasLt = cublasLt;
    this.stream = stream;
    this.operands = operands;
    try {
      if (recipe.fp8()) {
        converted = resources.hold(new ConvertedOperands(kernels, stream, operands, recipe));
        matmul =
            resources.hold(
                Matmul.e4m3(
                    cublasLt,
                    operands.shape(),
                    new Matmul.Scaling(
                        ScaleMode.of(recipe.weights()),
                        converted.weightScales().address(),
                        ScaleMode.of(recipe.activations()),
                        converted.tokenScales().address(),
                        recipe.fastAccumulation()),
                    Workspace.of(workspace)));
      } else {
        converted = null;
        matmul = resources.hold(Matmul.bf16(cublasLt, operands.shape(), Workspace.of(workspace)));
      }
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  @Override
  public String library() {
    return "cublaslt " + cublasLt.version();
  }

  @Override
  public int algorithms() {
    return matmul.algorithmCount();
  }

  @Override
  public boolean prepares() {
    return converted != null || operands.site().afterSquaredRelu();
  }

  @Override
  public void prepare() {
    if (converted == null) {
      operands.activate();
    } else {
      converted.convertActivations();
    }
  }

  @Override
  public void multiply(int algorithm, int rotation) {
    long first = operands.weightCount() * rotation;
    matmul.start(
        algorithm,
        converted == null
            ? operands.weights().address() + Short.BYTES * first
            : converted.weights().address() + first,
        converted == null ? operands.activations().address() : converted.activations().address(),
        operands.outputs().address(),
        stream.address());
  }

  @Override
  public void close() {
    resources.close();
  }
}
