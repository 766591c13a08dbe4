package io.sextant.numerics.pruning;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.tensor.FloatMatrix;
import java.io.Serializable;
import java.util.Arrays;

/**
 * The importance of each neuron of a hidden layer in each window of a stream: the sum of
 * |activation x gradient|, which is to first order the change of the loss without the neuron.
 *
 * @param layer the layer's name
 * @param windows importance, shape [windows][neurons]
 */
public record ImportanceTrace(String layer, float[][] windows) implements Serializable {

  /**
   * Creates a trace from a matrix [windows, neurons].
   *
   * @param file name of the file, for messages
   * @throws InvalidInputException if a value is negative or not finite, or there are fewer than two
   *     windows
   */
  public static ImportanceTrace of(String file, FloatMatrix matrix) {
    if (matrix.rows() < 2) {
      throw InvalidInputException.of(
          file + ": " + matrix.name(),
          "there is %d window".formatted(matrix.rows()),
          "Record at least two: neurons are chosen in one and judged in the next");
    }
    float[][] windows = new float[matrix.rows()][];
    for (int window = 0; window < windows.length; window++) {
      int from = window * matrix.columns();
      windows[window] = Arrays.copyOfRange(matrix.values(), from, from + matrix.columns());
      for (float value : windows[window]) {
        if (!(value >= 0) || Float.isInfinite(value)) {
          throw InvalidInputException.of(
              file + ": " + matrix.name() + " window " + window,
              "an importance of " + value,
              "Record sums of |activation x gradient| again");
        }
      }
    }
    return new ImportanceTrace(matrix.name(), windows);
  }

  /** Number of neurons of the layer. */
  public int neurons() {
    return windows[0].length;
  }

  /** Total importance of all neurons in a window. */
  public double total(int window) {
    double total = 0;
    for (float value : windows[window]) {
      total += value;
    }
    return total;
  }

  /**
   * The most important neurons of a window, ascending; among equal ones, those with the lower
   * index.
   */
  public int[] best(int window, int count) {
    float[] values = windows[window];
    // Sort primitive keys: the complement of the value's bits in the high part, the neuron in the
    // low part.
    long[] keys = new long[values.length];
    for (int neuron = 0; neuron < keys.length; neuron++) {
      keys[neuron] = ((long) ~Float.floatToIntBits(values[neuron]) << 32) | neuron;
    }
    Arrays.sort(keys);
    int[] best = new int[Math.min(count, keys.length)];
    for (int i = 0; i < best.length; i++) {
      best[i] = (int) keys[i];
    }
    Arrays.sort(best);
    return best;
  }

  /**
   * The importance that is lost in a window if only these neurons are served.
   *
   * @param kept indices of the served neurons, ascending
   */
  public double lost(int window, int[] kept) {
    float[] values = windows[window];
    double lost = 0;
    int next = 0;
    for (int neuron = 0; neuron < values.length; neuron++) {
      if (next < kept.length && kept[next] == neuron) {
        next++;
      } else {
        lost += values[neuron];
      }
    }
    return lost;
  }

  /**
   * The importance that is lost in a window if only the most important neurons of the previous
   * window are served. Windows count from 0; the first has no previous one.
   */
  public double lostFollowing(int window, int count) {
    return lost(window, best(window - 1, count));
  }
}
