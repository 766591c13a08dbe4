package io.sextant.numerics.damage;

/**
 * A predicted rise of the loss.
 *
 * @param value the middle
 * @param low lower end of its 95 % prediction interval
 * @param high upper end of the interval
 */
public record Predicted(double value, double low, double high) {}
