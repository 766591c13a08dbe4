package io.sextant.numerics.winograd;

import io.sextant.numerics.format.Half;
import java.util.Locale;

/**
 * The transforms of F(m x m, 3 x 3) with the usual points 0, 1, -1 (and 2, -2) and infinity: a tile
 * of m + 2 by m + 2 inputs gives m by m outputs. Matrices are row-major; tiles have their rows one
 * after another.
 */
@SuppressWarnings("ImmutableEnumChecker") // the arrays are never modified
public enum WinogradTile {
  /** 2 x 2 outputs of 4 x 4 inputs: 16 products, direct convolution has 36. */
  F2(
      2,
      new double[][] {{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, 1, 0, -1}},
      new double[][] {{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}},
      new double[][] {{1, 1, 1, 0}, {0, 1, -1, -1}}),

  /** 4 x 4 outputs of 6 x 6 inputs: 36 products, direct convolution has 144. */
  F4(
      4,
      new double[][] {
        {4, 0, -5, 0, 1, 0},
        {0, -4, -4, 1, 1, 0},
        {0, 4, -4, -1, 1, 0},
        {0, -2, -1, 2, 1, 0},
        {0, 2, -1, -2, 1, 0},
        {0, 4, 0, -5, 0, 1}
      },
      new double[][] {
        {1.0 / 4, 0, 0},
        {-1.0 / 6, -1.0 / 6, -1.0 / 6},
        {-1.0 / 6, 1.0 / 6, -1.0 / 6},
        {1.0 / 24, 1.0 / 12, 1.0 / 6},
        {1.0 / 24, -1.0 / 12, 1.0 / 6},
        {0, 0, 1}
      },
      new double[][] {
        {1, 1, 1, 1, 1, 0},
        {0, 1, -1, 2, -2, 0},
        {0, 1, 1, 4, 4, 0},
        {0, 1, -1, 8, -8, 1}
      });

  /** Number of taps of a kernel. */
  public static final int TAPS = 9;

  private final int outputs;
  private final double[][] inputTransform;
  private final double[][] kernelTransform;
  private final double[][] outputTransform;

  WinogradTile(
      int outputs,
      double[][] inputTransform,
      double[][] kernelTransform,
      double[][] outputTransform) {
    this.outputs = outputs;
    this.inputTransform = inputTransform;
    this.kernelTransform = kernelTransform;
    this.outputTransform = outputTransform;
  }

  /** {@code f2} or {@code f4}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Number of outputs per row of a tile: m. */
  public int outputs() {
    return outputs;
  }

  /** Number of inputs per row of a tile: m + 2. */
  public int inputs() {
    return outputs + 2;
  }

  /** Number of products of a tile: (m + 2)^2. */
  public int positions() {
    return inputs() * inputs();
  }

  /** Number of tiles that cover a row or column with the given number of outputs. */
  public int tilesFor(int side) {
    return (side + outputs - 1) / outputs;
  }

  /** G g G^T of a 3 x 3 kernel. */
  public double[] kernel(double[] taps) {
    return sandwich(kernelTransform, taps, 3, false);
  }

  /** B^T d B of a tile of inputs. */
  public double[] input(double[] tile) {
    return sandwich(inputTransform, tile, inputs(), false);
  }

  /**
   * B^T d B as calculated on the GPU: the result is rounded to binary16. For F(2,3), intermediate
   * sums of two are rounded to binary16 too.
   */
  public double[] halfInput(double[] tile) {
    double[] transformed = sandwich(inputTransform, tile, inputs(), this == F2);
    for (int i = 0; i < transformed.length; i++) {
      transformed[i] = Half.round(transformed[i]);
    }
    return transformed;
  }

  /** A^T x A of a tile of products. */
  public double[] output(double[] products) {
    return sandwich(outputTransform, products, inputs(), false);
  }

  /** The Winograd weight at a position as a linear functional of the nine taps. */
  public double[] functional(int position) {
    double[] row = kernelTransform[position / inputs()];
    double[] column = kernelTransform[position % inputs()];
    double[] functional = new double[TAPS];
    for (int i = 0; i < TAPS; i++) {
      functional[i] = row[i / 3] * column[i % 3];
    }
    return functional;
  }

  /**
   * |a_i|^2 |a_j|^2: the energy in the outputs of an error of 1 in the product at a position. A^T
   * multiplies the product's row by a_i.
   */
  public double outputEnergy(int position) {
    return columnEnergy(position / inputs()) * columnEnergy(position % inputs());
  }

  private double columnEnergy(int column) {
    double energy = 0;
    for (double[] row : outputTransform) {
      energy += row[column] * row[column];
    }
    return energy;
  }

  /** M x M^T for a square matrix x of this side. */
  private static double[] sandwich(
      double[][] matrix, double[] square, int side, boolean halfBetween) {
    int rows = matrix.length;
    double[] left = new double[rows * side];
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < side; k++) {
        double factor = matrix[i][k];
        if (factor != 0) {
          for (int j = 0; j < side; j++) {
            left[i * side + j] += factor * square[k * side + j];
          }
        }
      }
    }
    for (int i = 0; halfBetween && i < left.length; i++) {
      left[i] = Half.round(left[i]);
    }
    double[] both = new double[rows * rows];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < rows; j++) {
        double sum = 0;
        for (int k = 0; k < side; k++) {
          sum += left[i * side + k] * matrix[j][k];
        }
        both[i * rows + j] = sum;
      }
    }
    return both;
  }
}
