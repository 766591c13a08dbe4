package io.sextant.numerics.winograd;

/**
 * A layer pruned under a budget of error.
 *
 * @param budget most relative Frobenius error of the output on the images it was chosen from
 * @param sparsity share of the Winograd weights that are 0
 * @param error on those images
 * @param errorOfOthers on images that were not used to choose
 */
public record PrunedLayer(
    String layer,
    WinogradTile tile,
    PruningMethod method,
    double budget,
    double sparsity,
    double error,
    double errorOfOthers) {}
