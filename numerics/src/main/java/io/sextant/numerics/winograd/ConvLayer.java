package io.sextant.numerics.winograd;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.tensor.FloatMatrices;
import io.sextant.schema.tensor.FloatMatrix;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A 3 x 3 convolution of stride 1 with padding that keeps the size, with real activations.
 *
 * @param weights weights, shape [out][in][9]
 * @param images number of images
 * @param side side of the square images, in pixels
 * @param activations inputs, shape [images][in][side x side]
 */
public record ConvLayer(
    String name, int out, int in, float[] weights, int images, int side, float[] activations) {
  private static final String WEIGHT = "/weight";
  private static final String ACTIVATION = "/activation";

  /**
   * Reads the layers of a safetensors file: {@code LAYER/weight} [out, in x 9] and {@code
   * LAYER/activation} [images x in, side x side].
   *
   * @throws InvalidInputException naming the file and the layer, if one of the two is missing or
   *     they do not match
   */
  public static List<ConvLayer> read(TraceFile file) throws IOException {
    Map<String, FloatMatrix> found = new HashMap<>();
    Set<String> names = new LinkedHashSet<>();
    try {
      for (FloatMatrix matrix : FloatMatrices.read(file)) {
        found.put(matrix.name(), matrix);
        names.add(matrix.name().replaceFirst("/[^/]*$", ""));
      }
    } catch (CorruptTraceException e) {
      throw InvalidInputException.of(file.path(), e.getMessage(), "Write the file again", e);
    }
    List<ConvLayer> layers = new ArrayList<>();
    for (String name : names) {
      layers.add(
          layer(
              file.path() + ": " + name,
              name,
              found.get(name + WEIGHT),
              found.get(name + ACTIVATION)));
    }
    if (layers.isEmpty()) {
      throw InvalidInputException.of(file.path(), "no layer is in it", "Write the file again");
    }
    return layers;
  }

  private static ConvLayer layer(
      String where, String name, FloatMatrix weight, FloatMatrix activation) {
    if (weight == null || activation == null) {
      throw wrong(where, "%s is missing".formatted(weight == null ? WEIGHT : ACTIVATION));
    }
    int in = weight.columns() / WinogradTile.TAPS;
    int side = (int) Math.round(Math.sqrt(activation.columns()));
    if (in * WinogradTile.TAPS != weight.columns()) {
      throw wrong(where, "%d weights an output; not a multiple of 9".formatted(weight.columns()));
    }
    if (side * side != activation.columns()) {
      throw wrong(where, "images of %d pixels; not squares".formatted(activation.columns()));
    }
    if (activation.rows() % in != 0) {
      throw wrong(where, "%d planes, not a multiple of %d inputs".formatted(activation.rows(), in));
    }
    return new ConvLayer(
        name,
        weight.rows(),
        in,
        weight.values(),
        activation.rows() / in,
        side,
        activation.values());
  }

  private static InvalidInputException wrong(String where, String problem) {
    return InvalidInputException.of(
        where, problem, "Write LAYER/weight [out, in x 9], LAYER/activation [images x in, side^2]");
  }

  /** The nine weights between an input and an output. */
  double[] taps(int output, int input) {
    double[] taps = new double[WinogradTile.TAPS];
    int from = (output * in + input) * WinogradTile.TAPS;
    for (int i = 0; i < taps.length; i++) {
      taps[i] = weights[from + i];
    }
    return taps;
  }

  /** The input at a pixel; 0 outside the image. */
  public float input(int image, int channel, int row, int column) {
    if (row < 0 || row >= side || column < 0 || column >= side) {
      return 0;
    }
    return activations[((image * in + channel) * side + row) * side + column];
  }

  /** The same layer with other weights. */
  ConvLayer withWeights(float[] other) {
    return new ConvLayer(name, out, in, other, images, side, activations);
  }
}
