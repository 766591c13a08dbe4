/**
 * Sparse Winograd convolution: F(2x2, 3x3) and F(4x4, 3x3) as Y = A^T [(G g G^T) * (B^T d B)] A
 * (Lavin and Gray, arXiv 1509.09308), what leaving out weights of the Winograd domain does to the
 * output, and spatial pruning that carries over into that domain.
 */
package io.sextant.gpu.winograd;
