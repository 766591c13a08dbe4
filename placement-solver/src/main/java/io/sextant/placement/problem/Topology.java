package io.sextant.placement.problem;

import java.io.Serializable;
import java.util.List;

/**
 * The differences between the links and the GPUs of a cluster: racks, NVLink domains, unequal
 * networks, GPUs of several kinds. Empty lists stand for links or GPUs that are all alike.
 *
 * @param linkPrice price of a token sent from the row's node to the column's, shape [nodes x
 *     nodes]; 1 is the cluster's usual link
 * @param gpuSpeed how fast each GPU computes, shape [gpus]; 1 is the cluster's usual GPU
 */
public record Topology(List<List<Double>> linkPrice, List<Double> gpuSpeed)
    implements Serializable {
  /** All links and all GPUs alike. */
  public static final Topology EVEN = new Topology(List.of(), List.of());

  /** Units of the dearest link, so that sums over a sample of tokens stay within an int. */
  private static final int DEAREST = 512;

  /** Whether links have prices. */
  public boolean pricesLinks() {
    return !linkPrice.isEmpty();
  }

  public double price(int source, int node) {
    return linkPrice.isEmpty() ? 1 : linkPrice.get(source).get(node);
  }

  public double speed(int gpu) {
    return gpuSpeed.isEmpty() ? 1 : gpuSpeed.get(gpu);
  }

  /** Prices as whole numbers, which sums in any order keep exactly. */
  public LinkUnits units(int nodes) {
    int[] units = new int[nodes * nodes];
    double dearest = linkPrice.stream().flatMap(List::stream).reduce(0.0, Math::max);
    long sum = 0;
    for (int s = 0; s < nodes; s++) {
      for (int n = 0; n < nodes; n++) {
        if (s != n) {
          units[s * nodes + n] =
              dearest == 0 ? 1 : (int) Math.round(price(s, n) / dearest * DEAREST);
          sum += units[s * nodes + n];
        }
      }
    }
    return new LinkUnits(units, sum == 0 ? 1 : sum / (double) (nodes * (nodes - 1)));
  }

  /**
   * @return shape [gpus]: how much longer than the mean GPU each takes for the same tokens
   */
  public float[] slowness(int gpus) {
    double sum = 0;
    for (int g = 0; g < gpus; g++) {
      sum += speed(g);
    }
    float[] slowness = new float[gpus];
    for (int g = 0; g < gpus; g++) {
      slowness[g] = (float) (sum / gpus / speed(g));
    }
    return slowness;
  }

  /**
   * @return shape [nodes]: the part of the cluster's speed that is in each node, 1 for a mean one
   */
  public double[] capacity(SlotLayout layout) {
    double[] capacity = new double[layout.nodes()];
    double sum = 0;
    for (int g = 0; g < layout.gpus(); g++) {
      capacity[g / layout.gpusPerNode()] += speed(g);
      sum += speed(g);
    }
    for (int n = 0; n < capacity.length; n++) {
      capacity[n] *= capacity.length / sum;
    }
    return capacity;
  }

  /**
   * Prices of links in whole units.
   *
   * @param of shape [nodes x nodes], source-major; 0 on the diagonal
   * @param mean mean price of the links between different nodes: the price of a remote node
   */
  public record LinkUnits(int[] of, double mean) {}
}
