package io.sextant.schema.tensor;

import java.io.Serializable;

/**
 * A named matrix of floats.
 *
 * @param values row-major
 */
public record FloatMatrix(String name, int rows, int columns, float[] values)
    implements Serializable {}
