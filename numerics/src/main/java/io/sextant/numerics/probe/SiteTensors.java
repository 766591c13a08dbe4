package io.sextant.numerics.probe;

import io.sextant.schema.InvalidInputException;
import io.sextant.schema.file.CorruptTraceException;
import io.sextant.schema.file.TraceFile;
import io.sextant.schema.stats.Operand;
import io.sextant.schema.tensor.FloatMatrices;
import io.sextant.schema.tensor.FloatMatrix;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Real operands of one matrix product, from a safetensors file that names them {@code
 * SITE/activation} and {@code SITE/weight}.
 *
 * @param activations activations, shape [tokens, k]
 * @param weights weights, shape [out, k]
 */
public record SiteTensors(String site, FloatMatrix activations, FloatMatrix weights)
    implements Serializable {

  /** Number of tokens of the activations. */
  public int tokens() {
    return activations.rows();
  }

  /** Number of outputs of the weights. */
  public int out() {
    return weights.rows();
  }

  /** Number of features that the product sums over. */
  public int k() {
    return weights.columns();
  }

  /**
   * Reads all products of a file.
   *
   * @throws InvalidInputException naming the file and tensor, if it is damaged or one side of a
   *     product is missing
   */
  public static List<SiteTensors> read(TraceFile file) throws IOException {
    Map<String, FloatMatrix> byName = new LinkedHashMap<>();
    try {
      for (FloatMatrix matrix : FloatMatrices.read(file)) {
        byName.put(matrix.name(), matrix);
      }
    } catch (CorruptTraceException e) {
      throw wrong(file, e.getMessage());
    }
    List<SiteTensors> sites = new ArrayList<>();
    String activation = "/" + Operand.ACTIVATION.id();
    String weight = "/" + Operand.WEIGHT.id();
    for (FloatMatrix matrix : byName.values()) {
      if (matrix.name().endsWith(weight)) {
        String site = matrix.name().substring(0, matrix.name().length() - weight.length());
        FloatMatrix activations = byName.get(site + activation);
        if (activations == null || activations.columns() != matrix.columns()) {
          throw wrong(
              file, "%s has no activations of %d columns".formatted(site, matrix.columns()));
        }
        sites.add(new SiteTensors(site, activations, matrix));
      }
    }
    if (sites.isEmpty()) {
      throw wrong(file, "no tensor is named SITE/weight");
    }
    return sites;
  }

  private static InvalidInputException wrong(TraceFile file, String problem) {
    return InvalidInputException.of(
        file.path(), problem, "Save SITE/activation [tokens, k] and SITE/weight [out, k] together");
  }
}
