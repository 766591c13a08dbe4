package io.sextant.jobs.analyze;

/**
 * How alike two vectors of expert counts are.
 *
 * @param cosine of the angle between them; 1 is alike
 * @param jensenShannon divergence of the two shares, in bits, 0 to 1; 0 is alike (J. Lin,
 *     Divergence measures based on the Shannon entropy, 1991)
 * @param totalVariation half the sum of the differences of the shares, 0 to 1; 0 is alike
 */
record Similarity(double cosine, double jensenShannon, double totalVariation) {

  /**
   * @return null where one of them is all zero
   */
  static Similarity of(long[] a, long[] b) {
    double sumA = 0;
    double sumB = 0;
    double squaresA = 0;
    double squaresB = 0;
    double product = 0;
    for (int e = 0; e < a.length; e++) {
      sumA += a[e];
      sumB += b[e];
      squaresA += (double) a[e] * a[e];
      squaresB += (double) b[e] * b[e];
      product += (double) a[e] * b[e];
    }
    if (sumA == 0 || sumB == 0) {
      return null;
    }
    double divergence = 0;
    double differences = 0;
    for (int e = 0; e < a.length; e++) {
      double p = a[e] / sumA;
      double q = b[e] / sumB;
      double middle = (p + q) / 2;
      // Added as one term, so that swapping the vectors gives the same bits.
      divergence += (term(p, middle) + term(q, middle)) / 2;
      differences += Math.abs(p - q);
    }
    return new Similarity(
        Math.min(1, product / (Math.sqrt(squaresA) * Math.sqrt(squaresB))),
        Math.max(0, Math.min(1, divergence / Math.log(2))),
        Math.min(1, differences / 2));
  }

  private static double term(double p, double middle) {
    return p == 0 ? 0 : p * Math.log(p / middle);
  }
}
