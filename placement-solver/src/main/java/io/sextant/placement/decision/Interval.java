package io.sextant.placement.decision;

import java.io.Serializable;

/**
 * A mean and its 95 % interval.
 *
 * @param mean the estimate
 * @param low lower end
 * @param high upper end
 */
public record Interval(double mean, double low, double high) implements Serializable {}
