/**
 * Sparse Winograd convolution on the CPU: F(2x2, 3x3) and F(4x4, 3x3) as Y = A^T [(G g G^T) * (B^T
 * d B)] A (Lavin and Gray, arXiv 1509.09308), the effect of pruned Winograd weights on the output,
 * and spatial pruning that makes Winograd weights 0.
 */
package io.sextant.numerics.winograd;
