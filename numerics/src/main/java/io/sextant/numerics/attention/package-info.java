/**
 * 2-simplicial attention (arXiv 2507.02754) and dot-product attention on the CPU: the reference in
 * double, the roundings of a BF16 kernel, and the operations and rates by which the two are
 * compared.
 */
package io.sextant.numerics.attention;
