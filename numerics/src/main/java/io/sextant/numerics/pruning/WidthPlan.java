package io.sextant.numerics.pruning;

import java.io.Serializable;
import java.util.List;

/**
 * The number of served neurons per hidden layer.
 *
 * @param kept number of neurons kept per hidden layer, chain after chain
 * @param time time of all products of the chains
 * @param damage sum of the layers' damage, in the unit of the planner's input
 */
public record WidthPlan(List<Integer> kept, ShapeTimes.Time time, double damage)
    implements Serializable {}
