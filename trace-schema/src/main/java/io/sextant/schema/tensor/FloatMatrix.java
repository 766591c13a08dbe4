package io.sextant.schema.tensor;

/**
 * A matrix of floats under a name.
 *
 * @param values row-major
 */
public record FloatMatrix(String name, int rows, int columns, float[] values) {}
