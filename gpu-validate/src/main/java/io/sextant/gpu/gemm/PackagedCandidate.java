package io.sextant.gpu.gemm;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceResources;
import io.sextant.gpu.cuda.GuardedBuffer;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.kernel.QuantizeKernels;
import io.sextant.gpu.library.RefusedCallException;
import io.sextant.gpu.packaged.KernelPackage;
import io.sextant.gpu.packaged.PackagedKernel;
import io.sextant.gpu.packaged.PackagedProduct;
import io.sextant.numerics.format.Granularity;
import io.sextant.numerics.gemm.GemmSite;
import io.sextant.numerics.gemm.Recipe;
import java.util.ArrayList;
import java.util.List;

/** The kernels of a package; each variant counts as an algorithm. */
class PackagedCandidate implements Candidate {
  private final KernelPackage found;
  private final CudaStream stream;
  private final Operands operands;
  private final ConvertedOperands converted;
  private final List<PackagedKernel> kernels;
  private final List<GuardedBuffer> workspaces = new ArrayList<>();
  private final DeviceResources resources = new DeviceResources();

  /**
   * @param kernels the package's variants, loaded and checked
   */
  PackagedCandidate(
      Kernels device,
      CudaStream stream,
      Operands operands,
      KernelPackage found,
      List<PackagedKernel> kernels) {
    this.found = found;
    this.stream = stream;
    this.operands = operands;
    this.kernels = kernels;
    Recipe recipe = Recipe.of(found.recipe());
    GemmSite site = operands.site();
    try {
      converted =
          recipe.fp8()
              ? resources.hold(new ConvertedOperands(device, stream, operands, recipe))
              : null;
      for (PackagedKernel kernel : kernels) {
        if (kernel.variant().objection(operands.tokens(), site.out(), site.k()) == null) {
          GuardedBuffer workspace =
              resources.hold(new GuardedBuffer(kernel.workspaceBytes(product(0))));
          workspace.view().clear(stream);
          workspaces.add(workspace);
        } else {
          workspaces.add(null);
        }
      }
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  private PackagedProduct product(int rotation) {
    GemmSite site = operands.site();
    long first = operands.weightCount() * rotation;
    Recipe recipe = Recipe.of(found.recipe());
    return new PackagedProduct(
        new int[] {operands.tokens()},
        site.out(),
        site.k(),
        converted == null
            ? new PackagedProduct.Addresses(
                operands.activations().address(),
                operands.weights().address() + Short.BYTES * first,
                operands.outputs().address(),
                0,
                0,
                0)
            : new PackagedProduct.Addresses(
                converted.activations().address(),
                converted.weights().address() + first,
                operands.outputs().address(),
                converted.tokenScales().address(),
                converted.weightScales().address() + Float.BYTES * firstScale(recipe, rotation),
                0));
  }

  private long firstScale(Recipe recipe, int rotation) {
    return recipe.weights() == Granularity.TENSOR
        ? 0
        : QuantizeKernels.scaleCount(
            recipe.weights(), rotation * operands.site().out(), operands.site().k());
  }

  @Override
  public String library() {
    return found.library();
  }

  @Override
  public int algorithms() {
    return kernels.size();
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
    PackagedKernel kernel = kernels.get(algorithm);
    String objection =
        kernel.variant().objection(operands.tokens(), operands.site().out(), operands.site().k());
    if (objection != null) {
      throw new RefusedCallException(objection);
    }
    kernel.prepare(product(rotation), workspaces.get(algorithm).view().address()).start(stream);
  }

  @Override
  public long workspaceBytes(int algorithm) {
    return workspaces.get(algorithm).view().bytes();
  }

  /** Whether no variant wrote outside its workspace or the outputs. */
  final boolean intact() {
    return operands.intact()
        && workspaces.stream().allMatch(workspace -> workspace == null || workspace.intact());
  }

  @Override
  public void close() {
    resources.close();
  }
}
