package io.sextant.gpu.layer;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.cuda.DeviceResources;
import io.sextant.gpu.expert.ExpertLayer;
import io.sextant.gpu.kernel.CheckKernels;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.kernel.LayerKernels;
import io.sextant.gpu.kernel.QuantizeKernels;
import io.sextant.numerics.format.Granularity;

/** One GPU of an expert-parallel layer: its tokens, its experts and its stream. */
final class LayerGpu implements AutoCloseable {
  private static final int STAMPS = 16;
  private static final CheckKernels.Gaussian TOKENS = new CheckKernels.Gaussian(1, 0.5f);

  private final Kernels kernels;
  private final CudaStream stream;
  private final LayerKernels moves;
  private final ExpertLayer experts;
  private final DeviceBuffer tokens;
  private final DeviceBuffer tokenScales;
  private final DeviceBuffer results;
  private final DeviceBuffer flags;
  private final DeviceBuffer stamps;
  private final DeviceResources resources = new DeviceResources();

  /**
   * Fills tokens and weights. The caller closes the kernels.
   *
   * @param seed seed of the tokens
   */
  LayerGpu(Kernels kernels, LayerShape shape, int gpus, int seed) {
    this.kernels = kernels;
    kernels.context().makeCurrent();
    try {
      stream = resources.hold(new CudaStream());
      moves = resources.hold(kernels.layer());
      experts =
          resources.hold(
              new ExpertLayer(
                  kernels,
                  stream,
                  shape.e4m3(),
                  new ExpertLayer.Shape(
                      shape.slots(), shape.hidden(), shape.inner(), shape.mostRows())));
      tokens = resources.buffer((long) shape.dispatchBytes() * shape.mostTokens());
      tokenScales = resources.buffer((long) Float.BYTES * shape.mostTokens());
      results = resources.buffer((long) shape.combineBytes() * shape.mostTokens());
      flags = resources.buffer((long) Integer.BYTES * (gpus + 1));
      stamps = resources.buffer((long) Long.BYTES * STAMPS);
      flags.clear(stream);
      fill(shape, seed);
      stream.synchronize();
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  private void fill(LayerShape shape, int seed) {
    try (DeviceBuffer values =
        new DeviceBuffer((long) Short.BYTES * shape.mostTokens() * shape.hidden())) {
      kernels.check().fill(stream, values, shape.hidden(), TOKENS, seed);
      if (shape.e4m3()) {
        kernels
            .quantize()
            .start(
                stream,
                Granularity.ROW,
                new QuantizeKernels.Operand(
                    values, shape.mostTokens(), shape.hidden(), tokens, tokenScales, null));
      } else {
        values.copyTo(tokens, stream);
      }
      stream.synchronize();
    }
  }

  void makeCurrent() {
    kernels.context().makeCurrent();
  }

  CudaStream stream() {
    return stream;
  }

  LayerKernels moves() {
    return moves;
  }

  ExpertLayer experts() {
    return experts;
  }

  /** The tokens that the GPU holds. */
  DeviceBuffer tokens() {
    return tokens;
  }

  DeviceBuffer tokenScales() {
    return tokenScales;
  }

  /** The layer's outputs for the GPU's tokens, in BF16. */
  DeviceBuffer results() {
    return results;
  }

  /** One flag per GPU for barriers, and the number of barriers passed. */
  DeviceBuffer flags() {
    return flags;
  }

  /** Times of the GPU's clock in nanoseconds. */
  DeviceBuffer stamps() {
    return stamps;
  }

  @Override
  public void close() {
    makeCurrent();
    resources.close();
  }
}
