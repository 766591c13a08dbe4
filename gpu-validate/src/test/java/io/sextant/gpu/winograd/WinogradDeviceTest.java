package io.sextant.gpu.winograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sextant.gpu.RealCuts;
import io.sextant.gpu.cuda.CudaDevices;
import io.sextant.gpu.cuda.CudaStream;
import io.sextant.gpu.gemm.GemmBench;
import io.sextant.gpu.kernel.Kernels;
import io.sextant.gpu.kernel.WinogradKernels;
import io.sextant.gpu.library.CublasLt;
import io.sextant.numerics.dispatch.ConvolutionFigure;
import io.sextant.numerics.winograd.ConvLayer;
import io.sextant.schema.InvalidInputException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Tests that need a GPU; reported as skipped if there is none. */
@EnabledIf(value = "gpuIsThere", disabledReason = "no CUDA device on this machine")
class WinogradDeviceTest {
  static boolean gpuIsThere() {
    try {
      return !CudaDevices.list().devices().isEmpty();
    } catch (InvalidInputException e) {
      return false;
    }
  }

  @Test
  void convolutionsHaveTheErrorOfTheEmulation() throws IOException {
    try (Kernels kernels = Kernels.open(0);
        WinogradKernels convolutions = kernels.winograd();
        CublasLt library = new CublasLt();
        GemmBench gemm = new GemmBench(library, kernels, 3);
        CudaStream stream = new CudaStream()) {
      WinogradBench bench = new WinogradBench(convolutions, gemm, stream, 4);
      for (ConvLayer layer : RealCuts.layers()) {
        List<ConvolutionFigure> figures = bench.run(layer, List.of());
        assertThat(figures).extracting(WinogradDeviceTest::kernel).isEqualTo(kernels(layer));
        // The library's product has the size of the convolution but not its values.
        assertThat(figures.get(0).timing()).isNotNull();
        assertThat(figures.get(0).emulated()).isNaN();
        assertThat(figures.subList(1, figures.size()))
            .allSatisfy(
                figure ->
                    assertThat(figure.error())
                        .as(figure.toString())
                        .isCloseTo(figure.emulated(), within(0.02 * figure.emulated())));
      }
    }
  }

  private static String kernel(ConvolutionFigure figure) {
    return (figure.kernel() + " " + figure.block()).strip();
  }

  /** Lists every kernel that fits the layer, so that a missing one is noticed. */
  private static List<String> kernels(ConvLayer layer) {
    return Stream.concat(
            Stream.of("gemm", "direct"),
            Arrays.stream(WinogradKernels.Shape.values())
                .filter(shape -> shape.fits(layer.in(), layer.out()))
                .map(shape -> "f%d %dx%d".formatted(shape.tile(), shape.tiles(), shape.outputs())))
        .toList();
  }
}
