package io.sextant.gpu.gemm;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.cuda.DeviceResources;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.kernel.QuantizeKernels;
import io.sextant.numerics.gemm.Recipe;

/** The operands in E4M3. */
final class ConvertedOperands implements AutoCloseable {
  private final Kernels kernels;
  private final CudaStream stream;
  private final Operands operands;
  private final Recipe recipe;
  private final DeviceBuffer weights;
  private final DeviceBuffer weightScales;
  private final DeviceBuffer activations;
  private final DeviceBuffer tokenScales;
  private final DeviceBuffer amax;
  private final DeviceResources resources = new DeviceResources();

  ConvertedOperands(Kernels kernels, CudaStream stream, Operands operands, Recipe recipe) {
    this.kernels = kernels;
    this.stream = stream;
    this.operands = operands;
    this.recipe = recipe;
    int k = operands.site().k();
    int tokens = operands.tokens();
    try {
      amax = resources.buffer(Integer.BYTES);
      weights = resources.buffer(operands.weightCount() * operands.rotations());
      // All rotations use the scales of the first one's weights; only the values of the first are
      // checked.
      int rows = operands.site().out() * operands.rotations();
      weightScales = resources.buffer(4L * QuantizeKernels.scaleCount(recipe.weights(), rows, k));
      activations = resources.buffer((long) tokens * k);
      tokenScales =
          resources.buffer(4L * QuantizeKernels.scaleCount(recipe.activations(), tokens, k));
      kernels
          .quantize()
          .start(
              stream,
              recipe.weights(),
              new QuantizeKernels.Operand(
                  operands.weights(), rows, k, weights, weightScales, amax));
      convertActivations();
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  void convertActivations() {
    kernels
        .quantize(operands.site().input())
        .start(
            stream,
            recipe.activations(),
            new QuantizeKernels.Operand(
                operands.input(),
                operands.tokens(),
                operands.site().k(),
                activations,
                tokenScales,
                amax));
  }

  DeviceBuffer weights() {
    return weights;
  }

  DeviceBuffer weightScales() {
    return weightScales;
  }

  DeviceBuffer activations() {
    return activations;
  }

  DeviceBuffer tokenScales() {
    return tokenScales;
  }

  @Override
  public void close() {
    resources.close();
  }
}
