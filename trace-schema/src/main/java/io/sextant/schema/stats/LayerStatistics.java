package io.sextant.schema.stats;

import java.io.Serializable;

/**
 * The statistics of one operand of one matrix product in one snapshot.
 *
 * @param step step of the training or serving run at which the snapshot was taken; null if unknown
 * @param site name of the product, such as {@code block0.ffn.down}
 * @param rows number of rows: tokens for activations, outputs for weights
 * @param columns number of columns: the features that the product sums over
 * @param mean mean of all values
 * @param std standard deviation of all values
 * @param absmax maximum magnitude
 * @param kurtosis fourth central moment over the squared variance; 3 for a Gaussian
 * @param absQ50 median of the magnitudes; the next three are their 90 %, 99 % and 99.9 % quantiles
 * @param zeroFraction share of values that are exactly 0
 * @param fits24 share of groups of four neighbours that have at most two non-zero values
 * @param energyKept24 share of the sum of squares that the two largest values of each group of four
 *     hold
 * @param channelAbsmaxMax maximum over columns of their maximum magnitude
 * @param channelAbsmaxMedian median over columns of their maximum magnitude
 * @param rowAbsmaxMedian median over rows of their maximum magnitude
 * @param exponents number of values with a magnitude in [2^e, 2^(e+1)), from e = -40; smaller
 *     values and zeros count in the first bin, larger ones in the last
 * @param biasL2 norm of the bias added to the output; null if unknown
 * @param outputMeanOverStd mean of the outputs divided by their standard deviation; null if unknown
 * @param outputRowMeanOverStd mean over rows of |mean of the row| divided by its standard
 *     deviation: the part that a normalisation that subtracts the mean removes; null if unknown
 * @param columnMeans mean of each column; null if unknown
 * @param columnCovariance covariance of the columns, upper triangle with the diagonal, row by row;
 *     null if unknown
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

  /** Number of bins of {@link #exponents}. */
  public static final int EXPONENT_BINS = 61;

  /**
   * The same statistics if no magnitude exceeded a limit.
   *
   * @param most the limit
   * @param exponentsThen the histogram under the limit
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
