package io.sextant.gpu.winograd;

import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.cuda.DeviceBuffer;
import io.sextant.gpu.gemm.GemmBench;
import io.sextant.gpu.gemm.KernelRun;
import io.sextant.gpu.kernel.WinogradKernels;
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
 * Times real layers on the GPU with direct convolution, dense Winograd and sparse Winograd at
 * increasing sparsity, and checks their outputs.
 */
public final class WinogradBench {
  private static final int MULTIPLE = 32;
  private static final int SAMPLES = 11;

  private final WinogradKernels kernels;
  private final GemmBench gemm;
  private final CudaStream stream;
  private final Stopwatch stopwatch;
  private final int batch;

  /**
   * @param gemm benchmark for the library's product of the same size as in direct convolution
   * @param batch number of images per call; a layer's own images are repeated
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
   * @param sparsities shares of blocks to omit
   * @throws InvalidInputException if the number of inputs or outputs is not a multiple of 32
   */
  public List<ConvolutionFigure> run(ConvLayer layer, List<Double> sparsities) {
    if (layer.in() % MULTIPLE != 0 || layer.out() % MULTIPLE != 0) {
      throw InvalidInputException.of(
          layer.name(),
          "%d inputs and %d outputs; not multiples of %d"
              .formatted(layer.in(), layer.out(), MULTIPLE),
          "Remove the layer from the file");
    }
    try (ConvolutionBuffers buffers = new ConvolutionBuffers(layer, batch, stream)) {
      List<ConvolutionFigure> figures = new ArrayList<>();
      figures.add(library(layer));
      figures.add(direct(buffers));
      for (Shape shape : Shape.values()) {
        if (!shape.fits(layer.in(), layer.out())) {
          continue;
        }
        WinogradTile tile = shape.tile() == 2 ? WinogradTile.F2 : WinogradTile.F4;
        WinogradWeights weights = WinogradWeights.of(layer, tile);
        double emulated =
            DirectConvolution.relativeError(
                WinogradConvolution.halfOutputs(layer, weights), buffers.exact());
        figures.add(winograd(buffers, shape, weights, false, emulated));
        LayerPruner pruner = new LayerPruner(layer, tile);
        for (double sparsity : sparsities) {
          figures.add(winograd(buffers, shape, pruner.blocks(sparsity), true, Double.NaN));
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

  private ConvolutionFigure direct(ConvolutionBuffers buffers) {
    ConvLayer layer = buffers.layer();
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
              ConvolutionBuffers.ROTATIONS,
              SAMPLES,
              i -> kernels.startDirect(stream, buffers.images(i), onDevice.address()));
      return new ConvolutionFigure(
          layer.name(),
          "direct",
          "",
          0,
          timing,
          buffers.error(),
          DirectConvolution.relativeError(DirectConvolution.outputs(layer, true), buffers.exact()));
    }
  }

  private ConvolutionFigure winograd(
      ConvolutionBuffers buffers,
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
              ConvolutionBuffers.ROTATIONS,
              SAMPLES,
              i ->
                  kernels.startWinograd(
                      stream, shape, buffers.images(i), blocks.address(), metaAddress));
      return new ConvolutionFigure(
          buffers.layer().name(),
          weights.tile().id() + (sparse ? " sparse" : ""),
          shape.tiles() + "x" + shape.outputs(),
          packed.sparsity(weights),
          timing,
          buffers.error(),
          emulated);
    }
  }
}
