package io.sextant.gpu.gemm;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceResources;
import io.sextant.gpu.kernel.GroupedGemm;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.numerics.dispatch.KernelFigures;
import io.sextant.numerics.gemm.GemmSite;
import io.sextant.numerics.gemm.Recipe;
import java.util.ArrayList;
import java.util.List;

/** Our grouped kernel: each rotation of the weights is an expert, and one expert has all tokens. */
final class GroupedCandidate implements Candidate {
  private final CudaStream stream;
  private final Operands operands;
  private final ConvertedOperands converted;
  private final List<GroupedGemm.Launch> launches = new ArrayList<>();
  private final DeviceResources resources = new DeviceResources();

  /**
   * @param recipe BF16, or E4M3 by row
   */
  GroupedCandidate(Kernels kernels, CudaStream stream, Operands operands, Recipe recipe) {
    this.stream = stream;
    this.operands = operands;
    try {
      converted =
          recipe.fp8()
              ? resources.hold(new ConvertedOperands(kernels, stream, operands, recipe))
              : null;
      GemmSite site = operands.site();
      GroupedGemm.Projection projection =
          new GroupedGemm.Projection(
              recipe.fp8(),
              converted == null ? operands.weights() : converted.weights(),
              converted == null ? operands.activations() : converted.activations(),
              operands.outputs(),
              converted == null ? null : converted.weightScales(),
              converted == null ? null : converted.tokenScales(),
              operands.rotations(),
              site.out(),
              site.k());
      for (int rotation = 0; rotation < operands.rotations(); rotation++) {
        int[] tokensOfExpert = new int[operands.rotations()];
        tokensOfExpert[rotation] = operands.tokens();
        launches.add(resources.hold(kernels.grouped().prepare(projection, tokensOfExpert)));
      }
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  @Override
  public String library() {
    return KernelFigures.OWN;
  }

  @Override
  public int algorithms() {
    return 1;
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
    launches.get(rotation).start(stream);
  }

  @Override
  public void close() {
    resources.close();
  }
}
