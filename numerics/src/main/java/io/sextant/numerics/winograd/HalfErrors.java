package io.sextant.numerics.winograd;

/**
 * The relative Frobenius error of a layer's output in binary16, compared with double. Inputs,
 * weights and outputs are rounded, and in the Winograd domain both operands too. Sums are exact,
 * because the tensor cores sum in FP32.
 *
 * @param direct error of direct convolution
 * @param f2 error of F(2,3)
 * @param f4 error of F(4,3)
 */
public record HalfErrors(double direct, double f2, double f4) {

  /** The errors of a layer. */
  public static HalfErrors of(ConvLayer layer) {
    double[] exact = DirectConvolution.outputs(layer, false);
    return new HalfErrors(
        DirectConvolution.relativeError(DirectConvolution.outputs(layer, true), exact),
        winograd(layer, WinogradTile.F2, exact),
        winograd(layer, WinogradTile.F4, exact));
  }

  private static double winograd(ConvLayer layer, WinogradTile tile, double[] exact) {
    return DirectConvolution.relativeError(
        WinogradConvolution.halfOutputs(layer, WinogradWeights.of(layer, tile)), exact);
  }
}
