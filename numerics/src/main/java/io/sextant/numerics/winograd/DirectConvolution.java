package io.sextant.numerics.winograd;

import io.sextant.numerics.format.Half;

/** The direct sum over taps and inputs in double, the reference for all other methods. */
public final class DirectConvolution {
  private DirectConvolution() {}

  /**
   * All outputs of a layer.
   *
   * @param half whether inputs, weights and outputs are rounded to binary16, as on a tensor core
   *     that sums in FP32
   * @return outputs, shape [images][out][side x side]
   */
  public static double[] outputs(ConvLayer layer, boolean half) {
    int side = layer.side();
    int pixels = side * side;
    double[] outputs = new double[layer.images() * layer.out() * pixels];
    for (int image = 0; image < layer.images(); image++) {
      for (int input = 0; input < layer.in(); input++) {
        double[] padded = padded(layer, image, input, half);
        for (int output = 0; output < layer.out(); output++) {
          double[] taps = layer.taps(output, input);
          int to = (image * layer.out() + output) * pixels;
          for (int tap = 0; tap < taps.length; tap++) {
            double weight = half ? Half.round(taps[tap]) : taps[tap];
            if (weight != 0) {
              add(outputs, to, padded, tap / 3 * (side + 2) + tap % 3, side, weight);
            }
          }
        }
      }
    }
    if (half) {
      for (int i = 0; i < outputs.length; i++) {
        outputs[i] = Half.round(outputs[i]);
      }
    }
    return outputs;
  }

  private static double[] padded(ConvLayer layer, int image, int input, boolean half) {
    int side = layer.side();
    double[] padded = new double[(side + 2) * (side + 2)];
    for (int row = 0; row < side; row++) {
      for (int column = 0; column < side; column++) {
        double value = layer.input(image, input, row, column);
        padded[(row + 1) * (side + 2) + column + 1] = half ? Half.round(value) : value;
      }
    }
    return padded;
  }

  private static void add(
      double[] outputs, int to, double[] padded, int from, int side, double weight) {
    for (int row = 0; row < side; row++) {
      int target = to + row * side;
      int source = from + row * (side + 2);
      for (int column = 0; column < side; column++) {
        outputs[target + column] += weight * padded[source + column];
      }
    }
  }

  /** |a - b| / |b|. */
  public static double relativeError(double[] a, double[] b) {
    double off = 0;
    double size = 0;
    for (int i = 0; i < b.length; i++) {
      off += (a[i] - b[i]) * (a[i] - b[i]);
      size += b[i] * b[i];
    }
    return Math.sqrt(off / size);
  }
}
