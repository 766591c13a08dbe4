package io.sextant.gpu.gemm;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.cuda.DeviceResources;
import io.sextant.gpu.cuda.GuardedBuffer;
import io.sextant.gpu.kernel.CheckKernels;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.library.MatmulShape;
import io.sextant.numerics.gemm.ErrorFigures;
import io.sextant.numerics.gemm.GemmInput;
import io.sextant.numerics.gemm.GemmSite;
import java.util.stream.IntStream;

/**
 * BF16 operands of a product on the device, with enough sets of weights to exceed the cache, and
 * single outputs in double for comparison.
 *
 * <p>Values are Gaussian with different magnitudes per row and column, so that a kernel that reads
 * the wrong scales is detected. Values before a squared ReLU have a mean that gives a share of
 * zeros.
 */
final class Operands implements AutoCloseable {
  private static final int MOST_ROTATIONS = 16;
  private static final int SAMPLED_TOKENS = 64;
  private static final int SAMPLED_COLUMNS = 64;
  private static final float SPREAD = 0.5f;
  private static final CheckKernels.Gaussian WEIGHTS = new CheckKernels.Gaussian(0.02f, SPREAD);

  private final Kernels kernels;
  private final CudaStream stream;
  private final GemmSite site;
  private final int tokens;
  private final int rotations;
  private final DeviceBuffer weights;
  private final DeviceBuffer activations;
  private final DeviceBuffer input;
  private final GuardedBuffer guardedOutputs;
  private final DeviceBuffer outputs;
  private final int[] sampledTokens;
  private final int[] sampledColumns;
  private final float[] exact;
  private final DeviceResources resources = new DeviceResources();

  /**
   * @param shift number of standard deviations by which the input's mean is below zero, if a
   *     squared ReLU precedes the product
   */
  Operands(Kernels kernels, CudaStream stream, GemmSite site, int tokens, double shift) {
    this.kernels = kernels;
    this.stream = stream;
    this.site = site;
    this.tokens = tokens;
    // The weights must exceed the cache in FP8 too, at half the size.
    long weightBytes = weightCount();
    rotations =
        (int)
            Math.max(
                1, Math.min(MOST_ROTATIONS, 2 * kernels.context().l2Bytes() / weightBytes + 1));
    try {
      weights = resources.buffer(2 * weightBytes * rotations);
      activations = resources.buffer(2L * tokens * site.k());
      guardedOutputs = resources.hold(new GuardedBuffer(2L * tokens * site.out()));
      outputs = guardedOutputs.view();
      kernels.check().fill(stream, weights, site.k(), WEIGHTS, 1);
      if (site.afterSquaredRelu()) {
        input = resources.buffer(activations.bytes());
        kernels
            .check()
            .fill(stream, input, site.k(), new CheckKernels.Gaussian(1, SPREAD, (float) -shift), 2);
        activate();
      } else {
        input = activations;
        kernels
            .check()
            .fill(stream, activations, site.k(), new CheckKernels.Gaussian(1, SPREAD), 2);
      }
      sampledTokens = spread(Math.min(SAMPLED_TOKENS, tokens), tokens);
      sampledColumns = spread(Math.min(SAMPLED_COLUMNS, site.out()), site.out());
      exact =
          kernels
              .check()
              .exactOutputs(
                  stream,
                  activations.address(),
                  weights.address(),
                  site.k(),
                  sampledTokens,
                  sampledColumns);
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  private static int[] spread(int count, int size) {
    return IntStream.range(0, count).map(i -> (int) ((long) i * size / count)).toArray();
  }

  GemmSite site() {
    return site;
  }

  int tokens() {
    return tokens;
  }

  /** Sizes of the product. */
  MatmulShape shape() {
    return new MatmulShape(tokens, site.out(), site.k());
  }

  /** Number of sets of weights. */
  int rotations() {
    return rotations;
  }

  /** Number of values in one set of weights. */
  long weightCount() {
    return (long) site.out() * site.k();
  }

  /** All sets of weights, [rotations, out, k]. */
  DeviceBuffer weights() {
    return weights;
  }

  /** The activations for a product in BF16, [tokens, k]. */
  DeviceBuffer activations() {
    return activations;
  }

  /**
   * The input of conversions, [tokens, k]; the activations themselves if there is no squared ReLU.
   */
  DeviceBuffer input() {
    return input;
  }

  /** The outputs, [tokens, out]. */
  DeviceBuffer outputs() {
    return outputs;
  }

  /** Whether nothing was written outside the outputs. */
  boolean intact() {
    return guardedOutputs.intact();
  }

  /** Starts the calculation of the activations; does nothing if they are the input. */
  void activate() {
    if (site.afterSquaredRelu()) {
      kernels.sparse24(GemmInput.BEFORE_SQUARED_RELU).squaredRelu(stream, input, activations);
    }
  }

  /** The error of the sampled outputs of the last product. */
  ErrorFigures error() {
    return ErrorFigures.of(
        kernels
            .check()
            .gather(stream, outputs.address(), site.out(), sampledTokens, sampledColumns),
        exact);
  }

  @Override
  public void close() {
    resources.close();
  }
}
