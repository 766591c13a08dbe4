package io.sextant.numerics.winograd;

import io.sextant.numerics.format.Half;

/**
 * A layer's weights in the Winograd domain, G g G^T.
 *
 * @param values weights, shape [positions][out][in]; 0 for a pruned weight
 */
public record WinogradWeights(WinogradTile tile, int out, int in, double[] values) {

  /** The transformed weights of a layer. */
  public static WinogradWeights of(ConvLayer layer, WinogradTile tile) {
    int pairs = layer.out() * layer.in();
    double[] values = new double[tile.positions() * pairs];
    for (int output = 0; output < layer.out(); output++) {
      for (int input = 0; input < layer.in(); input++) {
        double[] transformed = tile.kernel(layer.taps(output, input));
        for (int position = 0; position < transformed.length; position++) {
          values[position * pairs + output * layer.in() + input] = transformed[position];
        }
      }
    }
    return new WinogradWeights(tile, layer.out(), layer.in(), values);
  }

  /** The index of a weight in {@link #values}. */
  public int index(int position, int output, int input) {
    return (position * out + output) * in + input;
  }

  /** Share of weights that are exactly 0. */
  public double sparsity() {
    int zeros = 0;
    for (double value : values) {
      if (value == 0) {
        zeros++;
      }
    }
    return (double) zeros / values.length;
  }

  /** The weights rounded to binary16. */
  public WinogradWeights rounded() {
    double[] rounded = new double[values.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = Half.round(values[i]);
    }
    return new WinogradWeights(tile, out, in, rounded);
  }
}
