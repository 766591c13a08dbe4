package io.sextant.numerics.pruning;

import java.io.Serializable;
import java.util.List;

/**
 * How many neurons of each hidden layer are served.
 *
 * @param kept of each hidden layer, chain after chain
 * @param time of all products of the chains
 * @param damage the sum of what its layers cost in accuracy, in the units of the curves it was made
 *     from
 */
public record WidthPlan(List<Integer> kept, ShapeTimes.Time time, double damage)
    implements Serializable {}
