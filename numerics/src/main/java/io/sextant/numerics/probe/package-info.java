/**
 * Predicts what low precision does to a matrix product from statistics of its operands alone, finds
 * what speaks against FP8, and says what adaptations bring: the Probe of LoKA (arXiv 2605.10886).
 */
package io.sextant.numerics.probe;
