/**
 * Scaling laws: the line -log L = a log N + b through the losses L of models with N parameters
 * (arXiv 2507.02754, section 5), by least squares with Student's t intervals.
 */
package io.sextant.numerics.scaling;
