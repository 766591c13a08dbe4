package io.sextant.jobs.group;

import java.io.Serializable;

/**
 * What requests cost on each node.
 *
 * @param exact cost of each request's first rows over all layers, shape [requests x nodes]
 * @param learned what a router expects of each request, as a sum over the layers of the mean of its
 *     rows in units of 2^-20, shape [requests x nodes]; empty if the router knows the exact costs
 */
record RoundCosts(int[] exact, long[] learned) implements Serializable {

  /** Adds the costs of another layer. */
  RoundCosts plus(RoundCosts other) {
    for (int i = 0; i < exact.length; i++) {
      exact[i] += other.exact[i];
    }
    for (int i = 0; i < learned.length; i++) {
      learned[i] += other.learned[i];
    }
    return this;
  }
}
