package io.sextant.schema.trace;

/**
 * A matrix of floats under a name.
 *
 * @param values row-major
 */
public record FloatMatrix(String name, int rows, int columns, float[] values) {}
