package io.sextant.placement.search;

/**
 * What a node costs, in remote nodes per token, that computes or receives more than its share. Only
 * the busiest counts in a layer's time, so a node below {@code 1 + slack} of the mean is free.
 *
 * @param loadSlack relative excess of load over the mean that is free
 * @param load weight of the squared excess beyond it
 * @param receiveSlack relative excess of received tokens over the mean that is free
 * @param receive weight of the squared excess beyond it
 */
public record NodeObjective(double loadSlack, double load, double receiveSlack, double receive) {

  public double loadPenalty(double deviation) {
    double excess = deviation - loadSlack;
    return excess > 0 ? load * excess * excess : 0;
  }

  public double receivePenalty(double deviation) {
    double excess = deviation - receiveSlack;
    return excess > 0 ? receive * excess * excess : 0;
  }
}
