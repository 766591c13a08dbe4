package io.sextant.jobs.layers;

import java.io.Serializable;

/**
 * The plans of one layer for several numbers of slots; public because Spark's encoder requires it.
 *
 * @param layer absolute id of the layer
 * @param slots shape [sizes][slots]
 * @param cpuSeconds shape [sizes]
 */
public record SweptLayer(int layer, int[][] slots, double[] cpuSeconds) implements Serializable {}
