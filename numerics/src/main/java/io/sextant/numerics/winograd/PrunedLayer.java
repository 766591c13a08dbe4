package io.sextant.numerics.winograd;

/**
 * A layer pruned under a budget of error.
 *
 * @param budget maximum relative Frobenius error of the output on the images used to choose
 * @param sparsity share of the Winograd weights that are 0
 * @param error error on those images
 * @param errorOfOthers error on the other images
 */
public record PrunedLayer(
    String layer,
    WinogradTile tile,
    PruningMethod method,
    double budget,
    double sparsity,
    double error,
    double errorOfOthers) {}
