package io.sextant.gpu.gemm;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.cuda.DeviceResources;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.kernel.QuantizeKernels;
import io.sextant.gpu.kernel.Sparse24Kernels;
import io.sextant.gpu.library.CusparseLt;
import io.sextant.gpu.library.SparseMatmul;
import io.sextant.gpu.library.Workspace;
import io.sextant.numerics.format.CompressedOperand;
import io.sextant.numerics.format.Granularity;
import io.sextant.numerics.gemm.GemmSite;
import io.sextant.numerics.gemm.Recipe;

/**
 * Our packing kernel and cuSPARSELt's product, in BF16 or E4M3. The scale of E4M3 activations is
 * calibrated once, as if taken from statistics of a layer, so the time contains no pass for it.
 */
final class SparseCandidate implements Candidate {
  private final CusparseLt cusparseLt;
  private final Sparse24Kernels pack;
  private final CudaStream stream;
  private final Operands operands;
  private final boolean fp8;
  private final SparseMatmul matmul;
  private final Sparse24Kernels.Operand packed;
  private final DeviceBuffer codes;
  private final DeviceBuffer amax;
  private final DeviceBuffer tokenScale;
  private final DeviceBuffer weightScale;
  private final DeviceResources resources = new DeviceResources();

  SparseCandidate(
      CusparseLt cusparseLt,
      Kernels kernels,
      CudaStream stream,
      Operands operands,
      Recipe recipe,
      DeviceBuffer workspace) {
    this.cusparseLt = cusparseLt;
    this.stream = stream;
    this.operands = operands;
    fp8 = recipe.fp8();
    GemmSite site = operands.site();
    pack = kernels.sparse24(site.input());
    int tokens = operands.tokens();
    try {
      amax = resources.buffer(Integer.BYTES);
      tokenScale = resources.buffer(Float.BYTES);
      weightScale = resources.buffer(Float.BYTES);
      long bytes = Sparse24Kernels.compressedBytes(tokens, site.k(), fp8 ? 1 : Short.BYTES);
      packed =
          new Sparse24Kernels.Operand(operands.input(), tokens, site.k(), resources.buffer(bytes));
      codes = resources.buffer(fp8 ? operands.weightCount() * operands.rotations() : 1);
      if (fp8) {
        kernels
            .quantize()
            .start(
                stream,
                Granularity.TENSOR,
                new QuantizeKernels.Operand(
                    operands.weights(),
                    site.out() * operands.rotations(),
                    site.k(),
                    codes,
                    weightScale,
                    amax));
        pack.calibrate(stream, operands.input(), amax);
      }
      prepare();
      matmul =
          resources.hold(
              fp8
                  ? SparseMatmul.e4m3(
                      cusparseLt,
                      operands.shape(),
                      tokenScale.toFloats(1)[0] * weightScale.toFloats(1)[0],
                      Workspace.of(workspace))
                  : SparseMatmul.bf16(cusparseLt, operands.shape(), Workspace.of(workspace)));
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  /** The reason why a product cannot have a 2:4 operand; null if it can. */
  static String objection(GemmSite site, int tokens) {
    return tokens % CompressedOperand.SIDE == 0 && site.k() % CompressedOperand.SIDE == 0
        ? null
        : "tokens and k must be multiples of %d".formatted(CompressedOperand.SIDE);
  }

  @Override
  public String library() {
    return "cusparselt " + cusparseLt.version();
  }

  @Override
  public int algorithms() {
    return matmul.algorithmCount();
  }

  @Override
  public boolean prepares() {
    return true;
  }

  @Override
  public void prepare() {
    if (fp8) {
      pack.packE4m3(stream, packed, amax, tokenScale);
    } else {
      pack.packBf16(stream, packed);
    }
  }

  @Override
  public void multiply(int algorithm, int rotation) {
    long first = operands.weightCount() * rotation;
    matmul.start(
        algorithm,
        packed.compressed().address(),
        fp8 ? codes.address() + first : operands.weights().address() + Short.BYTES * first,
        operands.outputs().address(),
        stream.address());
  }

  @Override
  public void close() {
    resources.close();
  }
}
