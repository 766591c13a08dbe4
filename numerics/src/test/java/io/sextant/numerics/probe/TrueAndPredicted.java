package io.sextant.numerics.probe;

import io.sextant.numerics.gemm.EmulatedGemm;
import io.sextant.numerics.gemm.ErrorFigures;
import io.sextant.numerics.gemm.Recipe;
import io.sextant.schema.stats.Operand;

/**
 * The relative Frobenius error of a product of real tensors.
 *
 * @param truth error of the product, emulated bit by bit
 * @param predicted error predicted from the statistics of the operands
 */
record TrueAndPredicted(double truth, double predicted) {

  static TrueAndPredicted of(Recipe recipe, SiteTensors site) {
    float[] x = site.activations().values();
    float[] w = site.weights().values();
    return new TrueAndPredicted(
        ErrorFigures.of(
                EmulatedGemm.multiply(recipe, x, w, site.tokens(), site.out(), site.k()),
                EmulatedGemm.exact(x, w, site.tokens(), site.out(), site.k()))
            .relativeFrobenius(),
        PredictedError.of(
                recipe,
                MatrixStatistics.of(site.site(), Operand.ACTIVATION, site.activations()),
                MatrixStatistics.of(site.site(), Operand.WEIGHT, site.weights()))
            .relativeFrobenius());
  }
}
