/**
 * Predicts the error of a matrix product in low precision from statistics of its operands alone,
 * finds hazards for FP8, and predicts the benefit of adaptations: the Probe of LoKA (arXiv
 * 2605.10886).
 */
package io.sextant.numerics.probe;
