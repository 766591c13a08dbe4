package io.sextant.jobs.analyze;

/**
 * Measures of the similarity of two vectors of expert counts.
 *
 * @param cosine cosine of the counts; 1 if they are proportional
 * @param jensenShannon Jensen-Shannon divergence of the shares in bits, from 0 (equal) to 1
 * @param totalVariation half the sum of the absolute differences of the shares, from 0 (equal) to 1
 */
public record Similarity(double cosine, double jensenShannon, double totalVariation) {
  private static final double LOG_2 = Math.log(2);

  /** The similarity of two vectors of the same length, each with a count above 0. */
  public static Similarity of(long[] a, long[] b) {
    double sumA = 0;
    double sumB = 0;
    double squaresA = 0;
    double squaresB = 0;
    double product = 0;
    for (int i = 0; i < a.length; i++) {
      sumA += a[i];
      sumB += b[i];
      squaresA += (double) a[i] * a[i];
      squaresB += (double) b[i] * b[i];
      product += (double) a[i] * b[i];
    }
    double divergence = 0;
    double difference = 0;
    for (int i = 0; i < a.length; i++) {
      double p = a[i] / sumA;
      double q = b[i] / sumB;
      double middle = (p + q) / 2;
      divergence += term(p, middle) + term(q, middle);
      difference += Math.abs(p - q);
    }
    return new Similarity(
        product / Math.sqrt(squaresA * squaresB), Math.max(0, divergence / 2), difference / 2);
  }

  private static double term(double p, double middle) {
    return p == 0 ? 0 : p * Math.log(p / middle) / LOG_2;
  }
}
