package io.sextant.jobs.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.sextant.numerics.dispatch.ConvolutionFigure;
import io.sextant.numerics.dispatch.Timing;
import org.junit.jupiter.api.Test;

class ConvolutionLinesTest {
  @Test
  void aConvolutionWithoutTheLibrarysProductIsStillPrinted() {
    ConvolutionFigure gemm =
        new ConvolutionFigure("conv1", "gemm", "", 0, null, Double.NaN, Double.NaN);
    assertThat(ConvolutionsCommand.line(gemm, 12))
        .isEqualTo(
            "conv1                gemm       not available: the library refused the product");
    ConvolutionFigure f2 =
        new ConvolutionFigure("conv1", "f2", "32x32", 0, timing(6), 0.001, 0.001);
    assertThat(ConvolutionsCommand.line(f2, 12)).contains("2.00x").contains("0.001000");
  }

  private static Timing timing(double micros) {
    return new Timing(micros, micros, micros, 11);
  }
}
