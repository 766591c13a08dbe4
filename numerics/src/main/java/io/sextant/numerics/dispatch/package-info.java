/**
 * Measured times and errors of kernels, and the choice among them: per product as LoKA chooses
 * (arXiv 2605.10886), for all products of a model under one error budget as a multiple-choice
 * knapsack, and per convolution.
 */
package io.sextant.numerics.dispatch;
