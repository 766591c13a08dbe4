package io.sextant.gpu.winograd;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.gemm.GemmBench;
import io.sextant.gpu.gemm.KernelRun;
import io.sextant.gpu.kernel.WinogradKernels;
import io.sextant.gpu.kernel.WinogradKernels.Images;
import io.sextant.gpu.kernel.WinogradKernels.Shape;
import io.sextant.gpu.measure.Stopwatch;
import io.sextant.numerics.dispatch.ConvolutionFigure;
import io.sextant.numerics.dispatch.Timing;
import io.sextant.numerics.format.Half;
import io.sextant.numerics.gemm.GemmSite;
import io.sextant.numerics.gemm.Recipe;
import io.sextant.numerics.winograd.ConvLayer;
import io.sextant.numerics.winograd.DirectConvolution;
import io.sextant.numerics.winograd.LayerPruner;
import io.sextant.numerics.winograd.WinogradConvolution;
import io.sextant.numerics.winograd.WinogradTile;
import io.sextant.numerics.winograd.WinogradWeights;
import io.sextant.schema.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/**
 * Times real layers on the GPU: direct convolution, dense Winograd and sparse Winograd with more
 * and more blocks left out, and checks their outputs.
 */
public final class WinogradBench {
  private static final int MULTIPLE = 32;
  private static final int SAMPLES = 11;
  private static final int ROTATIONS = 4;

  private final WinogradKernels kernels;
  private final GemmBench gemm;
  private final CudaStream stream;
  private final Stopwatch stopwatch;
  private final int batch;

  /**
   * @param gemm for the library's product of direct convolution's size
   * @param batch images at once; a layer's own are repeated
   */
  public WinogradBench(WinogradKernels kernels, GemmBench gemm, CudaStream stream, int batch) {
    this.kernels = kernels;
    this.gemm = gemm;
    this.stream = stream;
    this.stopwatch = new Stopwatch(stream);
    this.batch = batch;
  }

  /**
   * Measures a layer.
   *
   * @param sparsities shares of blocks to leave out
   * @throws InvalidInputException where inputs or outputs are no multiples of 32
   */
  public List<ConvolutionFigure> run(ConvLayer layer, List<Double> sparsities) {
    if (layer.in() % MULTIPLE != 0 || layer.out() % MULTIPLE != 0) {
      throw InvalidInputException.of(
          layer.name(),
          "%d inputs and %d outputs; not multiples of %d"
              .formatted(layer.in(), layer.out(), MULTIPLE),
          "Take the layer out of the file");
    }
    double[] exact = DirectConvolution.outputs(layer, false);
    try (Buffers buffers = new Buffers(layer)) {
      List<ConvolutionFigure> figures = new ArrayList<>();
      figures.add(library(layer));
      figures.add(direct(layer, buffers, exact));
      for (Shape shape : Shape.values()) {
        if (!shape.fits(layer.in(), layer.out())) {
          continue;
        }
        WinogradTile tile = shape.tile() == 2 ? WinogradTile.F2 : WinogradTile.F4;
        WinogradWeights weights = WinogradWeights.of(layer, tile);
        double emulated =
            DirectConvolution.relativeError(WinogradConvolution.halfOutputs(layer, weights), exact);
        figures.add(winograd(layer, buffers, exact, shape, weights, false, emulated));
        LayerPruner pruner = new LayerPruner(layer, tile);
        for (double sparsity : sparsities) {
          figures.add(
              winograd(layer, buffers, exact, shape, pruner.blocks(sparsity), true, Double.NaN));
        }
      }
      return figures;
    }
  }

  private ConvolutionFigure library(ConvLayer layer) {
    KernelRun run =
        gemm.run(
            new GemmSite(layer.name(), layer.out(), WinogradTile.TAPS * layer.in()),
            batch * layer.side() * layer.side(),
            Recipe.BF16);
    return new ConvolutionFigure(
        layer.name(), "gemm", "", 0, run.endToEnd(), Double.NaN, Double.NaN);
  }

  private ConvolutionFigure direct(ConvLayer layer, Buffers buffers, double[] exact) {
    short[] weights = new short[layer.weights().length];
    for (int tap = 0; tap < WinogradTile.TAPS; tap++) {
      for (int pair = 0; pair < layer.out() * layer.in(); pair++) {
        weights[tap * layer.out() * layer.in() + pair] =
            Half.bits(layer.weights()[pair * WinogradTile.TAPS + tap]);
      }
    }
    try (DeviceBuffer onDevice = DeviceBuffer.of(weights)) {
      Timing timing =
          stopwatch.time(
              ROTATIONS,
              SAMPLES,
              i -> kernels.startDirect(stream, buffers.images(i), onDevice.address()));
      return new ConvolutionFigure(
          layer.name(),
          "direct",
          "",
          0,
          timing,
          buffers.error(exact),
          DirectConvolution.relativeError(DirectConvolution.outputs(layer, true), exact));
    }
  }

  private ConvolutionFigure winograd(
      ConvLayer layer,
      Buffers buffers,
      double[] exact,
      Shape shape,
      WinogradWeights weights,
      boolean sparse,
      double emulated) {
    PackedWeights packed = PackedWeights.of(weights, shape.outputs(), !sparse);
    try (DeviceBuffer blocks = DeviceBuffer.of(packed.blocks());
        DeviceBuffer meta = DeviceBuffer.of(packed.meta())) {
      long metaAddress = sparse ? meta.address() : 0;
      Timing timing =
          stopwatch.time(
              ROTATIONS,
              SAMPLES,
              i ->
                  kernels.startWinograd(
                      stream, shape, buffers.images(i), blocks.address(), metaAddress));
      return new ConvolutionFigure(
          layer.name(),
          weights.tile().id() + (sparse ? " sparse" : ""),
          shape.tiles() + "x" + shape.outputs(),
          packed.sparsity(weights),
          timing,
          buffers.error(exact),
          emulated);
    }
  }

  /** Inputs and outputs, as many times as it takes for them not to come from the cache. */
  private final class Buffers implements AutoCloseable {
    private final ConvLayer layer;
    private final DeviceBuffer x;
    private final DeviceBuffer y;
    private final long inputBytes;
    private final long outputBytes;

    Buffers(ConvLayer layer) {
      this.layer = layer;
      int pixels = layer.side() * layer.side();
      inputBytes = 2L * batch * pixels * layer.in();
      outputBytes = 2L * batch * pixels * layer.out();
      short[] values = new short[Math.toIntExact(ROTATIONS * inputBytes / 2)];
      short[] own = new short[layer.images() * pixels * layer.in()];
      for (int image = 0; image < layer.images(); image++) {
        for (int pixel = 0; pixel < pixels; pixel++) {
          for (int input = 0; input < layer.in(); input++) {
            own[(image * pixels + pixel) * layer.in() + input] =
                Half.bits(layer.input(image, input, pixel / layer.side(), pixel % layer.side()));
          }
        }
      }
      for (int rotation = 0; rotation < ROTATIONS; rotation++) {
        int start = (int) (rotation * inputBytes / 2);
        for (int from = 0; from < inputBytes / 2; from += own.length) {
          System.arraycopy(
              own, 0, values, start + from, (int) Math.min(own.length, inputBytes / 2 - from));
        }
      }
      x = DeviceBuffer.of(values);
      y = new DeviceBuffer(ROTATIONS * outputBytes);
    }

    Images images(int rotation) {
      return new Images(
          x.address() + rotation * inputBytes,
          y.address() + rotation * outputBytes,
          batch,
          layer.side(),
          layer.in(),
          layer.out());
    }

    /** Of the layer's own images, in the first set of outputs; then forgets all outputs. */
    double error(double[] exact) {
      int pixels = layer.side() * layer.side();
      int images = Math.min(batch, layer.images());
      short[] bits = y.toShorts(images * pixels * layer.out());
      double off = 0;
      double size = 0;
      for (int image = 0; image < images; image++) {
        for (int output = 0; output < layer.out(); output++) {
          for (int pixel = 0; pixel < pixels; pixel++) {
            double expected = exact[(image * layer.out() + output) * pixels + pixel];
            double got = Half.value(bits[(image * pixels + pixel) * layer.out() + output]);
            off += (got - expected) * (got - expected);
            size += expected * expected;
          }
        }
      }
      y.clear(stream);
      stream.synchronize();
      return Math.sqrt(off / size);
    }

    @Override
    public void close() {
      x.close();
      y.close();
    }
  }
}
