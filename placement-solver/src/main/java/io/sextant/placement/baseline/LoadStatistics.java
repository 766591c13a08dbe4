package io.sextant.placement.baseline;

import io.sextant.placement.problem.LayerTokens;

/**
 * Mean and covariance of expert load over windows of the history.
 *
 * @param mean shape [experts]: tokens per window
 * @param covariance shape [experts][experts]; zero if there is one window
 */
record LoadStatistics(double[] mean, double[][] covariance) {

  /**
   * Over windows of consecutive tokens. Fewer tokens than one window make a single one, and an
   * incomplete last window is left out.
   */
  static LoadStatistics over(LayerTokens tokens, int windowTokens) {
    int perWindow = Math.min(windowTokens, tokens.tokens());
    int windows = tokens.tokens() / perWindow;
    int experts = tokens.experts();
    double[][] load = new double[windows][experts];
    int ids = perWindow * tokens.topK();
    for (int w = 0; w < windows; w++) {
      for (int i = w * ids; i < (w + 1) * ids; i++) {
        load[w][tokens.ids()[i]]++;
      }
    }
    double[] mean = new double[experts];
    for (double[] window : load) {
      for (int e = 0; e < experts; e++) {
        mean[e] += window[e] / windows;
      }
    }
    double[][] covariance = new double[experts][experts];
    for (double[] window : load) {
      for (int a = 0; a < experts; a++) {
        double deviation = (window[a] - mean[a]) / Math.max(1, windows - 1);
        for (int b = 0; b < experts; b++) {
          covariance[a][b] += deviation * (window[b] - mean[b]);
        }
      }
    }
    return new LoadStatistics(mean, covariance);
  }

  /** Known loads without any spread. */
  static LoadStatistics certain(double[] load) {
    return new LoadStatistics(load, new double[load.length][load.length]);
  }

  int experts() {
    return mean.length;
  }

  /** Mean plus a multiple of the standard deviation of one expert's load. */
  double risk(int expert, double deviations) {
    return mean[expert] + deviations * Math.sqrt(covariance[expert][expert]);
  }
}
