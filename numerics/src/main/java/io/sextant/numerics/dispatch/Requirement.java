package io.sextant.numerics.dispatch;

/**
 * What a kernel has to keep to be taken instead of BF16.
 *
 * @param mostError greatest relative Frobenius error
 * @param leastSpeedup times as fast as BF16, conversions included; LoKA takes 1.05
 */
public record Requirement(double mostError, double leastSpeedup) {}
