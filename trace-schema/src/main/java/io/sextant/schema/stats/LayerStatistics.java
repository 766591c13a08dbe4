package io.sextant.schema.stats;

import java.io.Serializable;

/**
 * What one operand of one matrix product looked like at one time.
 *
 * @param step of the training or serving run, when the snapshot was taken; null where unknown
 * @param site name of the product, such as {@code block0.ffn.down}
 * @param rows tokens of activations, outputs of weights
 * @param columns features: what the product sums over
 * @param mean of all values
 * @param std of all values, about their mean
 * @param absmax the greatest magnitude
 * @param kurtosis fourth central moment over the squared variance; 3 for a Gaussian
 * @param absQ50 median of the magnitudes; the next three likewise
 * @param zeroFraction share of values that are exactly 0
 * @param fits24 share of groups of four neighbours with at most two values that are not 0
 * @param energyKept24 share of the sum of squares that the two largest of each four hold
 * @param channelAbsmaxMax the greatest magnitude of any column
 * @param channelAbsmaxMedian median over columns of their greatest magnitude
 * @param rowAbsmaxMedian median over rows of their greatest magnitude
 * @param exponents how many values have a magnitude in [2^e, 2^(e+1)), from e = -40; smaller ones
 *     count as the first, zeros too, larger ones as the last
 * @param biasL2 norm of the bias added to the output; null where unknown
 * @param outputMeanOverStd mean over standard deviation of the outputs; null where unknown
 * @param outputRowMeanOverStd mean over rows of |mean of the row| over its standard deviation: what
 *     a normalisation that subtracts the mean takes away; null where unknown
 * @param columnMeans mean of each column; null where unknown
 * @param columnCovariance of the columns, upper triangle with the diagonal, row by row; null where
 *     unknown
 */
public record LayerStatistics(
    Long step,
    String site,
    Operand operand,
    int rows,
    int columns,
    double mean,
    double std,
    double absmax,
    double kurtosis,
    double absQ50,
    double absQ90,
    double absQ99,
    double absQ999,
    double zeroFraction,
    double fits24,
    double energyKept24,
    double channelAbsmaxMax,
    double channelAbsmaxMedian,
    double rowAbsmaxMedian,
    long[] exponents,
    Double biasL2,
    Double outputMeanOverStd,
    Double outputRowMeanOverStd,
    float[] columnMeans,
    float[] columnCovariance)
    implements Serializable {

  /** Exponent of the first bin of {@link #exponents}. */
  public static final int FIRST_EXPONENT = -40;

  /** How many bins {@link #exponents} has. */
  public static final int EXPONENT_BINS = 61;

  /**
   * The same with no magnitude above a limit.
   *
   * @param most the limit
   * @param exponentsThen the histogram then
   */
  public LayerStatistics capped(double most, long[] exponentsThen) {
    return new LayerStatistics(
        step,
        site,
        operand,
        rows,
        columns,
        mean,
        std,
        Math.min(absmax, most),
        kurtosis,
        absQ50,
        absQ90,
        absQ99,
        Math.min(absQ999, most),
        zeroFraction,
        fits24,
        energyKept24,
        Math.min(channelAbsmaxMax, most),
        Math.min(channelAbsmaxMedian, most),
        Math.min(rowAbsmaxMedian, most),
        exponentsThen,
        biasL2,
        outputMeanOverStd,
        outputRowMeanOverStd,
        columnMeans,
        columnCovariance);
  }

  /** Mean of the squares. */
  public double secondMoment() {
    return mean * mean + std * std;
  }
}
