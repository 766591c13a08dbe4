package io.sextant.numerics.scaling;

import java.io.Serializable;

/**
 * The loss of one training run.
 *
 * @param family name of a family of models that differ only in size
 * @param parameters number of active parameters
 * @param tokens number of training tokens; null if not known
 * @param loss loss on the benchmark, above 0
 */
public record ScalingPoint(
    String family, String benchmark, double parameters, Double tokens, double loss)
    implements Serializable {}
