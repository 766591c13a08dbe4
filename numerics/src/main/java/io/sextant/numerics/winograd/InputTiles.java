package io.sextant.numerics.winograd;

import io.sextant.numerics.format.Half;

/** The tiles of a layer's inputs in the Winograd domain, B^T d B. */
final class InputTiles {
  private final ConvLayer layer;
  private final WinogradTile tile;
  private final int tilesOfRow;
  private final double[] values;

  /**
   * Transforms a layer's inputs.
   *
   * @param half whether inputs and transformed inputs are rounded to binary16
   */
  InputTiles(ConvLayer layer, WinogradTile tile, boolean half) {
    this.layer = layer;
    this.tile = tile;
    tilesOfRow = tile.tilesFor(layer.side());
    values = new double[tile.positions() * layer.in() * count()];
    double[] square = new double[tile.positions()];
    for (int input = 0; input < layer.in(); input++) {
      for (int t = 0; t < count(); t++) {
        gather(square, input, t, half);
        double[] transformed = half ? tile.halfInput(square) : tile.input(square);
        for (int position = 0; position < transformed.length; position++) {
          values[at(position, input) + t] = transformed[position];
        }
      }
    }
  }

  private void gather(double[] square, int input, int t, boolean half) {
    int image = t / (tilesOfRow * tilesOfRow);
    int top = t / tilesOfRow % tilesOfRow * tile.outputs() - 1;
    int left = t % tilesOfRow * tile.outputs() - 1;
    for (int i = 0; i < square.length; i++) {
      double value = layer.input(image, input, top + i / tile.inputs(), left + i % tile.inputs());
      square[i] = half ? Half.round(value) : value;
    }
  }

  ConvLayer layer() {
    return layer;
  }

  WinogradTile tile() {
    return tile;
  }

  /** Number of tiles of all images. */
  int count() {
    return layer.images() * tilesOfRow * tilesOfRow;
  }

  int tilesOfRow() {
    return tilesOfRow;
  }

  /** The values at a position of an input: {@link #count} values from index {@link #at} on. */
  double[] values() {
    return values;
  }

  int at(int position, int input) {
    return (position * layer.in() + input) * count();
  }

  /** E[(B^T d B)^2] at a position of an input. */
  double meanSquare(int position, int input) {
    double sum = 0;
    int from = at(position, input);
    for (int t = from; t < from + count(); t++) {
      sum += values[t] * values[t];
    }
    return sum / count();
  }
}
