package io.sextant.numerics.winograd;

import java.util.Arrays;

/**
 * The effect of a pruned Winograd weight on the output: Q_ij^2 E[(B^T d B)_ij^2] |a_i|^2 |a_j|^2,
 * the mean energy of the error in a tile of outputs. The last two factors make positions
 * comparable: in F(4,3) they differ by a factor of 7,225.
 */
final class Importance {
  private Importance() {}

  /** The importance of every weight, in the order of {@link WinogradWeights#values}. */
  static float[] of(WinogradWeights weights, InputTiles tiles) {
    float[] importance = new float[weights.values().length];
    for (int position = 0; position < weights.tile().positions(); position++) {
      double energy = weights.tile().outputEnergy(position);
      for (int input = 0; input < weights.in(); input++) {
        double factor = energy * tiles.meanSquare(position, input);
        for (int output = 0; output < weights.out(); output++) {
          int index = weights.index(position, output, input);
          double weight = weights.values()[index];
          importance[index] = (float) (weight * weight * factor);
        }
      }
    }
    return importance;
  }

  /** Indices of non-negative values, sorted by value; equal values by index. */
  static int[] ascending(float[] values) {
    long[] keys = new long[values.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = (long) Float.floatToIntBits(values[i]) << 32 | i;
    }
    Arrays.sort(keys);
    int[] places = new int[keys.length];
    for (int i = 0; i < places.length; i++) {
      places[i] = (int) keys[i];
    }
    return places;
  }
}
