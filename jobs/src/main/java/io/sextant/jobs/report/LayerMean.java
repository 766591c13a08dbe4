package io.sextant.jobs.report;

import java.util.Map;
import java.util.TreeMap;

/**
 * Mean over the layers. Adds in the order of the layers, so that the last bit of the sum does not
 * depend on the order in which rows arrive.
 */
final class LayerMean {
  private final Map<Integer, Double> byLayer = new TreeMap<>();

  void add(int layer, Double figure) {
    if (figure != null) {
      byLayer.put(layer, figure);
    }
  }

  /** Null where no layer has a figure. */
  Double mean() {
    double sum = 0;
    for (double figure : byLayer.values()) {
      sum += figure;
    }
    return byLayer.isEmpty() ? null : Figures.rounded(sum / byLayer.size());
  }
}
