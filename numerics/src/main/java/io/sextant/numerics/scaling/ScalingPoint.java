package io.sextant.numerics.scaling;

import java.io.Serializable;

/**
 * The loss of one training run.
 *
 * @param family models that differ only in size
 * @param parameters active parameters
 * @param tokens tokens of the training; null if not known
 * @param loss loss on the benchmark, above 0
 */
public record ScalingPoint(
    String family, String benchmark, double parameters, Double tokens, double loss)
    implements Serializable {}
