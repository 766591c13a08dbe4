package io.sextant.numerics.dispatch;

/**
 * What a kernel must achieve to be chosen instead of BF16.
 *
 * @param mostError maximum relative Frobenius error
 * @param leastSpeedup minimum speedup over BF16, conversions included; LoKA takes 1.05
 */
public record Requirement(double mostError, double leastSpeedup) {}
