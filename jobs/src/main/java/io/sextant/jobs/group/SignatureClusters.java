package io.sextant.jobs.group;

import java.util.Arrays;
import smile.clustering.KMeans;
import smile.math.MathEx;

/**
 * The first groups: k-means over the signatures of the requests' prompts in all layers together.
 */
final class SignatureClusters {
  private static final int ITERATIONS = 50;
  private static final double TOLERANCE = 1e-4;

  private SignatureClusters() {}

  /**
   * @param signatures the signatures by layer, shape [sample][experts], each of length 1
   * @return the groups' centres by layer, shape [groups][experts], each of length 1
   */
  static double[][][] centres(double[][][] signatures, int groups, long seed) {
    int sample = signatures[0].length;
    int experts = signatures[0][0].length;
    double[][] joined = new double[sample][signatures.length * experts];
    for (int l = 0; l < signatures.length; l++) {
      for (int i = 0; i < sample; i++) {
        System.arraycopy(signatures[l][i], 0, joined[i], l * experts, experts);
      }
    }
    // Smile draws its first centres from the calling thread's random generator.
    MathEx.setSeed(seed);
    double[][] centroids = KMeans.fit(joined, groups, ITERATIONS, TOLERANCE).centroids;
    double[][][] centres = new double[signatures.length][groups][];
    for (int l = 0; l < signatures.length; l++) {
      for (int g = 0; g < groups; g++) {
        // If there are fewer distinct signatures than groups, some groups have no centre.
        double[] centroid = centroids[g % centroids.length];
        centres[l][g] = unit(Arrays.copyOfRange(centroid, l * experts, (l + 1) * experts));
      }
    }
    return centres;
  }

  private static double[] unit(double[] vector) {
    double squares = 0;
    for (double x : vector) {
      squares += x * x;
    }
    for (int i = 0; i < vector.length && squares > 0; i++) {
      vector[i] /= Math.sqrt(squares);
    }
    return vector;
  }
}
