package io.sextant.numerics.winograd;

import io.sextant.numerics.format.Half;
import java.util.Arrays;

/** Y = A^T [Q * U] A, in double. */
public final class WinogradConvolution {
  private WinogradConvolution() {}

  /**
   * Calculates all outputs.
   *
   * @return outputs, shape [images][out][side x side], in the order of {@link DirectConvolution}
   */
  static double[] outputs(InputTiles tiles, WinogradWeights weights) {
    WinogradTile tile = tiles.tile();
    ConvLayer layer = tiles.layer();
    int side = layer.side();
    double[] outputs = new double[layer.images() * layer.out() * side * side];
    double[][] sums = new double[tile.positions()][tiles.count()];
    double[] products = new double[tile.positions()];
    for (int output = 0; output < layer.out(); output++) {
      for (int position = 0; position < sums.length; position++) {
        sum(sums[position], tiles, weights, position, output);
      }
      for (int t = 0; t < tiles.count(); t++) {
        for (int position = 0; position < products.length; position++) {
          products[position] = sums[position][t];
        }
        scatter(outputs, tiles, output, t, tile.output(products));
      }
    }
    return outputs;
  }

  private static void sum(
      double[] sums, InputTiles tiles, WinogradWeights weights, int position, int output) {
    Arrays.fill(sums, 0);
    double[] values = tiles.values();
    for (int input = 0; input < weights.in(); input++) {
      double weight = weights.values()[weights.index(position, output, input)];
      if (weight != 0) {
        int from = tiles.at(position, input);
        for (int t = 0; t < sums.length; t++) {
          sums[t] += weight * values[from + t];
        }
      }
    }
  }

  private static void scatter(
      double[] outputs, InputTiles tiles, int output, int t, double[] square) {
    int m = tiles.tile().outputs();
    int perRow = tiles.tilesOfRow();
    ConvLayer layer = tiles.layer();
    int side = layer.side();
    int image = t / (perRow * perRow);
    int top = t / perRow % perRow * m;
    int left = t % perRow * m;
    int plane = (image * layer.out() + output) * side * side;
    for (int i = 0; i < square.length; i++) {
      int row = top + i / m;
      int column = left + i % m;
      if (row < side && column < side) {
        outputs[plane + row * side + column] = square[i];
      }
    }
  }

  /** The same with inputs, transformed inputs, weights and outputs rounded to binary16. */
  public static double[] halfOutputs(ConvLayer layer, WinogradWeights weights) {
    double[] outputs = outputs(new InputTiles(layer, weights.tile(), true), weights.rounded());
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = Half.round(outputs[i]);
    }
    return outputs;
  }
}
