package io.sextant.gpu.library;

/**
 * Sizes of a product: outputs[tokens, out] = activations[tokens, k] x weights[out, k] transposed,
 * all row-major.
 */
public record MatmulShape(long tokens, long out, long k) {}
