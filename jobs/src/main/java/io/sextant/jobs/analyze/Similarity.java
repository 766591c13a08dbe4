package io.sextant.jobs.analyze;

/**
 * How alike two vectors of expert counts are.
 *
 * @param cosine of the counts; 1 is alike
 * @param jensenShannon divergence of the shares in bits, 0 (alike) to 1
 * @param totalVariation half the sum of the differences of the shares, 0 (alike) to 1
 */
public record Similarity(double cosine, double jensenShannon, double totalVariation) {
  private static final double LOG_2 = Math.log(2);

  /** Of two vectors of one length, each with a count above 0. */
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
