package io.sextant.numerics.winograd;

/**
 * What binary16 does to a layer's output, as a relative Frobenius error against double: inputs,
 * weights and outputs rounded, and in the Winograd domain both of its operands too; sums are exact,
 * since the tensor cores sum in FP32.
 *
 * @param direct of direct convolution
 * @param f2 of F(2,3)
 * @param f4 of F(4,3)
 */
public record HalfErrors(double direct, double f2, double f4) {

  /** Of a layer. */
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
