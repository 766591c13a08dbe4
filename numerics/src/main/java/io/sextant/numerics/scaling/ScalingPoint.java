package io.sextant.numerics.scaling;

import java.io.Serializable;

/**
 * Where a run stood.
 *
 * @param family of models, all alike but for their size
 * @param parameters active ones
 * @param tokens it was trained on; null where that is not known
 * @param loss above 0, on the benchmark
 */
public record ScalingPoint(
    String family, String benchmark, double parameters, Double tokens, double loss)
    implements Serializable {}
