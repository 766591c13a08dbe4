package io.sextant.jobs.layers;

import java.io.Serializable;

/**
 * Sextant's plan of a layer for each number of slots that the layer may have.
 *
 * @param slots shape [choices][slots]
 * @param objectives shape [choices]: the value that solving minimises; 0 if there is one choice
 */
public record SizedPlans(int[][] slots, double[] objectives) implements Serializable {}
