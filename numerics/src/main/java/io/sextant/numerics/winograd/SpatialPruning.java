package io.sextant.numerics.winograd;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Prunes the 3 x 3 kernels so that weights in the Winograd domain become 0: the steps of all
 * kernels' paths, ordered by the cost per zero.
 */
final class SpatialPruning implements PruningOrder {
  private final ConvLayer layer;
  private final WinogradTile tile;
  private final KernelPath[] paths;
  private final List<Step> order = new ArrayList<>();

  private record Step(int kernel, int to, double slope) {}

  /**
   * @param layer layer whose activations weigh the changes
   */
  SpatialPruning(ConvLayer layer, WinogradTile tile) {
    this.layer = layer;
    this.tile = tile;
    paths = new KernelPath[layer.out() * layer.in()];
    for (int input = 0; input < layer.in(); input++) {
      PatchMetric metric = PatchMetric.of(layer, input, tile);
      for (int output = 0; output < layer.out(); output++) {
        int kernel = output * layer.in() + input;
        paths[kernel] = KernelPath.of(layer.taps(output, input), metric);
        int[] hull = paths[kernel].hull();
        for (int i = 1; i < hull.length; i++) {
          order.add(new Step(kernel, hull[i], paths[kernel].slope(hull[i - 1], hull[i])));
        }
      }
    }
    // Slopes of a kernel rise from step to step, so no step comes before the one that it builds on.
    order.sort(
        Comparator.comparingDouble(Step::slope)
            .thenComparingInt(Step::kernel)
            .thenComparingInt(Step::to));
  }

  @Override
  public int steps() {
    return order.size();
  }

  @Override
  public WinogradWeights after(int steps) {
    int[] reached = new int[paths.length];
    for (int i = 0; i < steps; i++) {
      reached[order.get(i).kernel()] = order.get(i).to();
    }
    int pairs = paths.length;
    double[] values = new double[tile.positions() * pairs];
    for (int kernel = 0; kernel < pairs; kernel++) {
      KernelPath path = paths[kernel];
      double[] transformed = tile.kernel(path.kernels()[reached[kernel]]);
      for (int position = 0; position < transformed.length; position++) {
        boolean zero = (path.masks()[reached[kernel]] >> position & 1) != 0;
        values[position * pairs + kernel] = zero ? 0 : transformed[position];
      }
    }
    return new WinogradWeights(tile, layer.out(), layer.in(), values);
  }
}
